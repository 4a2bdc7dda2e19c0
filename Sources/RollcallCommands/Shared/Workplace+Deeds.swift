internal import ArgumentParser
internal import Glibc
internal import RollcallCore
internal import RollcallSQLite

extension Workplace {
    /// The person behind this process, who may approve; says so and ends the command when they may not.
    func approver() throws -> Approver {
        if let approver = knownApprover { return approver }
        Terminal.say("\(SystemUser(number: getuid())) is no operator: `operators` in the config names who may do this")
        throw ExitStatus.failed.exit
    }

    /// The person behind this process; `nil` when the config does not let them approve.
    var knownApprover: Approver? {
        let claimed = getenv("SUDO_UID").flatMap { UInt32(String(cString: $0)) }.map { SystemUser(number: $0) }
        return Approver(SystemUser(number: getuid()), claimed: claimed, operators: settings.operators)
    }

    /// Says beside what is shown that the source is paused, if it is.
    func warnOfPause(_ reader: StoreReader) {
        if let pause = reader.pause { Terminal.say("warning: \(pause.sentence); `rollcall resume` lets runs apply again") }
    }

    /// Shows what a deed comes to and, when it is wanted, does it.
    func carryOut(_ deed: Deed, _ options: DeedOptions) throws {
        let store = store(for: deed.verb, patience: options.wait.span)
        var request = DeedRequest(deed, by: try approver(), rules: settings.rules)
        request.operators = settings.operators
        try orFail {
            let plan = try store.preview(request)
            if let finding = request.approver.finding { Terminal.say("\(finding)") }
            if plan.operations.isEmpty { return Terminal.show([plan.idle]) }
            Terminal.show(DeedLines.lines(of: plan))
            guard options.isConfirmed || Terminal.isTold("Type yes to do it:") else {
                Terminal.say("Nothing was changed. With --yes it is done.")
                throw ExitStatus.held.exit
            }
            let done = try store.carryOut(request, as: plan, at: Workplace.now)
            Terminal.show([done.operations.isEmpty ? done.idle : "Done; it is in the audit log."])
        }
    }
}

/// What a deed comes to, for a person.
enum DeedLines {
    private static let shown = 50

    /// A line for each operation, the first many of them.
    static func lines(of plan: DeedPlan) -> [String] {
        var lines: [String] = []
        for (place, operation) in plan.operations.prefix(shown).enumerated() {
            lines.append("\(operation.verb) \(operation.subject): \(operation.detail)")
            if place < plan.notes.count { lines += plan.notes[place].map { "    \($0)" } }
        }
        if plan.operations.count > shown { lines.append("… and \(plan.operations.count - shown) more") }
        return lines
    }
}

extension SystemUser {
    /// The user of that number, with the name that the system has for it.
    fileprivate init(number: UInt32) {
        self.init(name: getpwuid(number)?.pointee.pw_name.map { Text(String(cString: $0)) }, number: number)
    }
}

extension Terminal {
    /// Lines to standard output, made safe to print.
    static func show(_ lines: [String]) {
        try? write(Array(lines.map { DisplayEscaping.escapedForTerminal($0) + "\n" }.joined().utf8), to: STDOUT_FILENO)
    }

    /// Whether somebody at the terminal says yes.
    static func isTold(_ question: String) -> Bool {
        guard canAsk else { return false }
        say(question)
        return readLine() == "yes"
    }
}
