internal import ArgumentParser
internal import Glibc
internal import RollcallConfig
internal import RollcallCore
internal import RollcallEngine
internal import RollcallFiles
internal import RollcallLDAP
internal import RollcallReport
internal import RollcallSCIM
internal import RollcallSQLite
internal import RollcallSnapshot

/// What a command works with: the config, and the source and store that it names.
struct Workplace {
    let settings: Settings
    let warnings: [Finding]
    let hints: CommandHints
    /// One for the whole command: it remembers refused credentials.
    let source: any DirectorySource
    /// Where the config is.
    let configPath: String
    /// How long a writer waits for another applier.
    var patience = Span(seconds: Int64(WaitOption.standard))
    /// Replaces names by pseudonyms, with a key that nobody keeps.
    let redaction = Redaction(key: (0..<32).map { _ in UInt8.random(in: .min ... .max) })

    /// Reads the config, or says every problem that it has and ends the command.
    init(_ option: ConfigOption, planPath: String? = nil) throws {
        switch ConfigFile.load(path: option.path) {
        case .accepted(let settings, let warnings):
            self.settings = settings
            self.warnings = warnings
        case .refused(let findings):
            for finding in findings { Terminal.say("\(finding)") }
            throw ExitStatus.config.exit
        }
        configPath = option.path
        hints = CommandHints(configPath: option.path == ConfigFile.standardPath ? nil : option.path, planPath: planPath)
        source = Workplace.source(of: settings)
    }

    /// The operating-system user who runs this.
    static var actor: Text {
        guard let entry = getpwuid(getuid()), let name = entry.pointee.pw_name else { return Text("uid \(getuid())") }
        return Text(String(cString: name))
    }

    /// Who holds the lock, as another process will read it.
    static func holder(of command: String) -> String {
        "pid \(getpid()), rollcall \(command), by \(actor)"
    }

    /// The current time.
    static var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// A source of a config, which knows of no refused credentials.
    static func source(of settings: Settings) -> any DirectorySource {
        switch settings.source {
        case .file(let file): FileDirectory(file)
        case .ldap(let ldap): LDAPDirectory(ldap, secret: Workplace.secret)
        case .scim(let scim): ScimDirectory(scim, secret: Workplace.secret)
        case .resources(let file): ResourceFileDirectory(file)
        }
    }

    private static func secret(_ reference: SecretReference) throws(SourceError) -> Secret {
        do {
            return try SecretFile.read(reference)
        } catch {
            throw SourceError(.credentials, subject: "secret", message: "\(error)")
        }
    }

    /// What reads entries of a snapshot as its source was read.
    static func replay(_ header: SnapshotHeader, _ source: SourceSettings) -> any RawReplay {
        if header.sourceType == "scim" || header.flavor == SourceSettings.json {
            return switch source {
            case .scim(let scim): ResourceReplay(users: scim.userFilter, groups: scim.groupFilter)
            case .resources(let file): ResourceReplay(users: file.userFilter, groups: file.groupFilter)
            case .ldap, .file: ResourceReplay(users: nil, groups: nil)
            }
        }
        return header.sourceType == "file" ? FileReplay() : LDAPReplay()
    }

    /// What a reading asks for.
    var readRequest: ReadRequest { ReadRequest(settings.rules, Evaluator(rules: settings.rules)) }

    /// What a run works with that may read a snapshot instead of the source.
    func environment(command: String, progress: ProgressLine, snapshot: SnapshotOption) throws -> RunEnvironment {
        var environment = environment(command: command, progress: progress)
        if let file = try snapshot.open() {
            environment.source = SnapshotDirectory(file, settings.source, Workplace.replay(file.facts.header, settings.source))
            environment.snapshot = SnapshotUse(
                taken: file.facts.header.taken, gaps: file.facts.gaps(for: settings.source, readRequest))
        }
        return environment
    }

    /// What a run works with.
    func environment(command: String, progress: ProgressLine) -> RunEnvironment {
        var environment = RunEnvironment(
            source: source, store: store(for: command),
            rules: settings.rules, rulesDigest: settings.rulesDigest, guards: settings.guards, sourceType: settings.source.kind,
            clock: { Workplace.now }, random: { UInt32.random(in: .min ... .max) }, progress: { progress.show($0) })
        environment.expectations = settings.expectations
        environment.operators = settings.operators
        environment.place = settings.source.place
        environment.boot = { BootReading.now }
        return environment
    }

    /// Makes a run that applies, shows it, and ends the command with its status.
    func apply(
        _ consent: RunRequest.Consent, command: String, by approver: Approver?, accepting accepts: Set<RunRequest.Acceptance> = [],
        shown: Set<GuardName>? = nil, _ report: ReportOptions, _ saved: SavedPlan? = nil
    ) async throws {
        try checkOutputs(of: report)
        let progress = ProgressLine()
        var request = RunRequest(mode: .apply, consent: consent, actor: approver?.name ?? Workplace.actor)
        request.acceptsUnchanged = true
        request.approver = approver
        request.accepts = accepts
        request.shownGuards = shown
        request.savedPlan = saved
        var environment = environment(command: command, progress: progress)
        // A plan that was made of no store makes one.
        if let origin = saved?.origin, origin.store == nil {
            var store = store(for: command)
            store.creates = true
            environment.store = store
        }
        let run = Run(environment, request)
        let finished = await run.execute()
        defer { finished.close() }
        progress.clear()
        do {
            try show(finished.record, rows: finished.rows, head: finished.auditHead, report)
        } catch let failure as WriteFailure {
            Terminal.say("the report could not be written (\(failure)); `rollcall report` shows it again")
        }
        let status = ExitStatus(finished.record, isLockedOut: finished.isLockedOut).raised(by: report.failOn.kinds, in: finished.record)
        if status != .done { throw status.exit }
    }

    /// Opens the store for showing; says why and ends the command when that cannot be done.
    func reader() throws -> StoreReader {
        try orFail { try StoreReader(path: settings.store.path) }
    }
}
