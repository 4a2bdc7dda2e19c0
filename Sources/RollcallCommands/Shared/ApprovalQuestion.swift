internal import ArgumentParser
internal import RollcallCore
internal import RollcallEngine

/// What is approved, in numbers, and the question whether that is meant.
struct ApprovalQuestion {
    /// What is approved: `plan 1a2b3c4d`.
    let subject: String
    private(set) var changes = 0
    /// Accounts that can be used before, and cannot be used after.
    private(set) var losses = 0
    private var actions: [Action: Int] = [:]
    private var losing: [Text] = []
    private var gaining: [String] = []
    private var rejected = 0

    private static let named = 5

    /// Adds up the changes that `body` picks out of each row.
    init(
        _ subject: String, among rows: any PlanRows, isRejected: (Change, PlanRow) -> Bool = { change, _ in change.heldBy == .rejection },
        _ body: (PlanRow) -> [Change]
    ) throws {
        self.subject = subject
        try rows.forEachRow { row in
            let approved = body(row)
            add(approved, of: row.label)
            rejected += approved.count { isRejected($0, row) }
            return true
        }
    }

    private mutating func add(_ approved: [Change], of label: Text) {
        changes += approved.count
        for change in approved {
            actions[change.action, default: 0] += 1
            if gaining.count < ApprovalQuestion.named, let gain = ApprovalQuestion.gain(change, of: label) { gaining.append(gain) }
        }
        guard approved.contains(where: \.takesAccess) else { return }
        losses += 1
        if losing.count < ApprovalQuestion.named { losing.append(label) }
    }

    /// Who can do more than others by a change, or who can do more at once; `nil` when no one can.
    private static func gain(_ change: Change, of label: Text) -> String? {
        switch change.action {
        case .grant where change.isPrivileged: "\(label) (\(change.group ?? .empty))"
        case .reactivate where change.isPrivileged: "\(label)"
        case .permissionGroup where change.heldBy == .permissionChanges || change.heldBy == .rejection:
            "all \(change.holders ?? 0) holders of \(label)"
        default: nil
        }
    }

    /// What is approved and what it takes away, a line each.
    var lines: [String] {
        let parts = Action.allCases.compactMap { action in actions[action].map { "\(action.rawValue) \($0)" } }
        var lines = ["\(subject): \(changes == 1 ? "1 change" : "\(changes) changes") (\(parts.joined(separator: ", ")))"]
        if losses > 0 {
            let more = losses > losing.count ? " and \(losses - losing.count) more" : ""
            lines.append(
                "takes access from \(losses == 1 ? "1 account" : "\(losses) accounts"): "
                    + losing.map(\.string).joined(separator: ", ") + more)
        }
        if rejected > 0 { lines.append("rejected by a person before: \(rejected == 1 ? "1 of them" : "\(rejected) of them")") }
        if !gaining.isEmpty { lines.append("gives privilege: \(gaining.joined(separator: ", "))") }
        return lines
    }

    /// Ends the command unless the numbers are those that the approver expects, by option or by answering on the terminal.
    func confirm(_ options: ApprovalOptions) throws {
        for line in lines { Terminal.say(line) }
        if let expected = options.changes {
            guard losses == 0 || options.loss != nil else {
                let accounts = losses == 1 ? "1 account" : "\(losses) accounts"
                throw ValidationError("\(accounts) would lose access: say so with --expect-loss \(losses)")
            }
            guard expected == changes, (options.loss ?? 0) == losses else {
                Terminal.say(
                    "Not approved; nothing was changed: expected \(expected) changes and \(options.loss ?? 0) accounts losing access.")
                throw ExitStatus.failed.exit
            }
            return
        }
        guard Terminal.canAsk else {
            throw ValidationError(
                "approving asks for what is approved: give --expect-changes NUMBER\(losses > 0 ? " and --expect-loss NUMBER" : ""), or the plan's whole digest"
            )
        }
        try ask("To approve, type the number of changes:", changes)
        if losses > 0 { try ask("Type the number of accounts that lose access:", losses) }
    }

    private func ask(_ question: String, _ number: Int) throws {
        Terminal.say(question)
        guard let answer = readLine(), answer.filter({ $0 != "," && $0 != " " }) == "\(number)" else {
            Terminal.say("Not approved; nothing was changed.")
            throw ExitStatus.held.exit
        }
    }
}
