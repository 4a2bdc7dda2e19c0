internal import ArgumentParser
internal import Glibc
internal import RollcallCore
internal import RollcallEngine
internal import RollcallLDAP
internal import RollcallReport
internal import RollcallSCIM
internal import RollcallSQLite

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Looks at config, source and store, and says what to do about each.",
        discussion:
            "Exit status: 0 all is well, 78 config, 5 the source would not be read, 3 an expectation failed, 1 the store could not be used."
    )

    @OptionGroup var config: ConfigOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        let workplace = try Workplace(config)
        var lines = StoreCheck.missing(workplace).map { [$0] } ?? []
        lines.append(CheckLine("config", .ok, "\(config.path) is valid"))
        lines += workplace.warnings.map { CheckLine("config", .warning, $0.message, advice: $0.advice) }
        switch workplace.source {
        case let ldap as LDAPDirectory: lines += await ldap.probe(workplace.readRequest).map(CheckLine.init)
        case let scim as ScimDirectory: lines += await scim.probe(workplace.readRequest).map(CheckLine.init)
        default: break
        }
        let (reading, sourceFails) = await readAndPlan(workplace)
        lines += reading
        let (store, storeFails) = StoreCheck.lines(workplace)
        lines += store
        let table = Table(
            schema: "rollcall.check/1", name: "checks",
            columns: [
                .init("what", title: "what"), .init("state", title: "state"), .init("found", title: "found"), .init("advice", title: "do"),
            ], emptyText: "")
        try table.show(format.format) { body in
            for line in lines {
                let cells = [line.what, line.state.rawValue, line.found, line.advice].map { Table.Cell.string($0) }
                if !body(cells) { return }
            }
        }
        if storeFails { throw ExitStatus.failed.exit }
        if sourceFails || lines.contains(where: { $0.state == .failure && $0.what != CheckLine.expectation }) {
            throw ExitStatus.incomplete.exit
        }
        if lines.contains(where: { $0.what == CheckLine.expectation && $0.state == .failure }) { throw ExitStatus.held.exit }
        if lines.contains(where: { $0.what == CheckLine.unknownStatus }) { throw ExitStatus.conflicts.exit }
    }

    /// Reads the source as a run does, and says what it would find.
    private func readAndPlan(_ workplace: Workplace) async -> (lines: [CheckLine], fails: Bool) {
        let progress = ProgressLine()
        let run = Run(workplace.environment(command: "check", progress: progress), RunRequest(mode: .plan, actor: Workplace.actor))
        let (finished, use) = await run.check()
        defer { finished.close() }
        progress.clear()
        let record = finished.record
        guard let proof = record.source.proof, record.outcome != .incomplete, record.outcome != .failed else {
            return ([CheckLine("reading", .failure, record.reason ?? "the source could not be read")], record.outcome == .incomplete)
        }
        let counts = "\(proof.users) users and \(proof.groups) groups from \(proof.server), read whole; \(proof.rejected) cannot be used"
        var lines = [CheckLine("reading", .ok, counts)]
        if record.summary.undecidedActive > 0 {
            let count = record.summary.undecidedActive
            let found = "the status of \(count == 1 ? "1 account that has access" : "\(count) accounts that have access") cannot be told"
            lines.append(
                CheckLine(
                    CheckLine.unknownStatus, .warning, found, advice: "correct it upstream; `\(workplace.hints.command("plan"))` names them"
                ))
        }
        let failed = record.guards.filter { $0.guardName == .expect && $0.reach == .plan }.map { Text("expectation failed: \($0.message)") }
        let pause = (try? StoreReader(path: workplace.settings.store.path))?.pause
        if let pause { lines.append(CheckLine("source", .warning, pause.sentence, advice: workplace.hints.command("resume"))) }
        let paused = record.warnings.filter { warning in pause.map { warning.string.hasPrefix($0.sentence) } ?? false }
        let pins = finished.settlement?.pins ?? []
        lines += pins.map { CheckLine("group rules", .warning, $0.finding.sentence, advice: $0.finding.advice) }
        let told = failed + paused + pins.map(\.warning)
        lines += record.warnings.filter { !told.contains($0) }.map { warning in
            warning.string.hasPrefix("group rule ")
                ? CheckLine("group rules", .warning, warning.string, advice: "correct the rule, or remove it")
                : CheckLine("run", .warning, warning.string)
        }
        lines += (use?.unused ?? []).map { CheckLine("rules", .warning, $0, advice: "correct it, or remove it if it never will") }
        let advice = "review it with `\(workplace.hints.command("plan"))`"
        lines += CheckLine.expectations(record)
        lines += record.guards.filter { $0.verdict == .held && $0.reach == .plan && $0.guardName != .expect }
            .map { CheckLine("guard \($0.guardName.rawValue)", .warning, $0.message, advice: advice) }
        return (lines, false)
    }
}

/// One line of a check.
struct CheckLine {
    enum State: String {
        case ok
        case warning
        case failure
    }

    let what: String
    let state: State
    let found: String
    let advice: String

    init(_ what: String, _ state: State, _ found: String, advice: String = "") {
        self.what = what
        self.state = state
        self.found = found
        self.advice = advice
    }

    /// What the lines about expectations are called.
    static let expectation = "expect"
    /// What the line about accounts of which the status cannot be told is called.
    static let unknownStatus = "status"

    /// One line for each expectation that failed, or one for all that hold.
    static func expectations(_ record: RunRecord) -> [CheckLine] {
        let results = record.guards.filter { $0.guardName == .expect && $0.reach == .plan }
        let failed = results.filter { !$0.message.isEmpty }
        if failed.isEmpty {
            return results.map {
                CheckLine(expectation, .ok, $0.whole == 1 ? "1 expectation holds" : "all \($0.whole ?? 0) expectations hold")
            }
        }
        return failed.map { CheckLine(expectation, .failure, $0.message, advice: "correct the config, or what it expects") }
    }

    init(_ probe: SourceProbe) {
        let state: State =
            switch probe.outcome {
            case .ok: .ok
            case .warning: .warning
            case .failure: .failure
            }
        self.init(probe.title, state, probe.detail, advice: probe.advice)
    }
}

/// What can be said about the store without writing to it.
enum StoreCheck {
    static func lines(_ workplace: Workplace) -> (lines: [CheckLine], fails: Bool) {
        let path = workplace.settings.store.path
        if let line = missingFolder(path) { return ([line], true) }
        var lines: [CheckLine] = []
        var fails = false
        if workplace.missingStore == nil {
            do {
                let basis = try StoreReader(path: path).basis()
                let counts = "\(basis.baseline.links) links, \(basis.baseline.linkedActive) of them active"
                lines.append(CheckLine("store", .ok, "\(path): \(counts)"))
                if let line = unwritable(path) { lines.append(line) }
            } catch {
                lines.append(CheckLine("store", .failure, "\(error)"))
                fails = true
            }
        }
        let folder = folder(of: path)
        var status = stat()
        if stat(folder, &status) == 0, status.st_mode & 0o022 != 0 {
            let mode = String(status.st_mode & 0o777, radix: 8)
            lines.append(
                CheckLine("store folder", .warning, "\(folder) can be written by others (mode \(mode))", advice: "chmod 0750 \(folder)"))
        }
        var space = statvfs()
        if statvfs(folder, &space) == 0 {
            let megabytes = UInt64(space.f_bavail) * UInt64(space.f_frsize) / 1_000_000
            let found = "\(megabytes) MB in \(folder)"
            lines.append(
                megabytes < 500
                    ? CheckLine("free space", .warning, found, advice: "make room: a run needs about 1 MB for each 1,000 users")
                    : CheckLine("free space", .ok, found))
        }
        return (lines, fails)
    }

    /// What to say first when there is no store; `nil` when there is.
    static func missing(_ workplace: Workplace) -> CheckLine? {
        guard let missing = workplace.missingStore else { return nil }
        return CheckLine(
            "store", .warning, "\(missing.subject): \(missing.message); what follows is for an empty one",
            advice: "`\(workplace.hints.command("store", "create"))` makes it, and so does `apply` with the file of `plan --out`")
    }

    /// What to say when this user cannot write to a store that can be read; `nil` when that can be done.
    ///
    /// A writer needs its three files, the lock and the folder.
    static func unwritable(_ path: String) -> CheckLine? {
        let folder = folder(of: path)
        for file in ["", "-wal", "-shm", ".lock"].map({ path + $0 }) + [folder] {
            guard access(file, W_OK) != 0, errno != ENOENT else { continue }
            return CheckLine(
                "store", .warning, "\(file) cannot be written by this user (\(String(cString: strerror(errno)))): apply will fail",
                advice: "run apply as the user that owns the store; check as that user to see what it sees")
        }
        return nil
    }

    /// What to say when there is no folder for the store to be in, or `nil` when there is.
    static func missingFolder(_ path: String) -> CheckLine? {
        let folder = folder(of: path)
        var status = stat()
        let found: String
        if stat(folder, &status) == 0 {
            if status.st_mode & S_IFMT == S_IFDIR { return nil }
            found = "is not a folder"
        } else {
            found = errno == ENOENT || errno == ENOTDIR ? "does not exist" : "cannot be found: \(String(cString: strerror(errno)))"
        }
        return CheckLine("store folder", .failure, "\(folder) \(found)", advice: "create the folder, mode 0750, owned by the service user")
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
