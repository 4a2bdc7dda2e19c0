internal import ArgumentParser
internal import RollcallCore
internal import RollcallEngine
internal import RollcallSnapshot

struct SnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Keeps what the source says, to plan from it later with any config and no server.",
        discussion: """
            The whole reading with its proof, every attribute but passwords, their hashes and the like, and what looking up the \
            missing users has shown. The file holds personal data; it is readable by you alone.

            Exit status: 0 done, 5 the source could not be read whole, 1 failed. With 1 and 5 no file is left behind.
            """)

    @OptionGroup var config: ConfigOption
    @Option(name: .customLong("out"), help: ArgumentHelp("The file to write; only a snapshot is replaced.", valueName: "file"))
    var outputPath: String

    func run() async throws {
        let workplace = try Workplace(config)
        _ = try OutputFile(outputPath, in: workplace)
        try workplace.requireStore()
        let progress = ProgressLine()
        let environment = workplace.environment(command: "snapshot", progress: progress)
        var request = workplace.readRequest
        request.readsGroups = workplace.settings.source.groups != nil
        let header = SnapshotHeader(taken: Workplace.now, workplace.settings.source, request)
        let outcome = await Capture(environment, request, actor: Workplace.actor).execute {
            try SnapshotDraft(
                path: outputPath, header, workplace.settings.source, Workplace.replay(header, workplace.settings.source))
        }
        progress.clear()
        switch outcome {
        case .kept(let facts, let note):
            if let note { Terminal.say("warning: \(note)") }
            for name in header.read where SecretAttributes.contains(name) {
                Terminal.say("warning: \(name) is read by the config and not kept; a plan from the snapshot lacks it")
            }
            let proof = facts.proof
            Terminal.say(
                "\(outputPath): \(proof.users) \(header.sourceType == "file" ? "records" : "users and \(proof.groups) groups") from \(proof.server), \(facts.seen.count) attributes, \(facts.lookUps) looked up"
            )
        case .incomplete(let reason):
            Terminal.say(reason)
            throw ExitStatus.incomplete.exit
        case .failed(let reason):
            Terminal.say("\(outputPath): \(reason)")
            throw ExitStatus.failed.exit
        }
    }
}

extension SnapshotHeader {
    /// What is known before the first entry comes.
    fileprivate init(taken: Instant, _ source: SourceSettings, _ request: ReadRequest) {
        self.init(
            taken: taken, sourceType: source.kind, flavor: source.flavor, users: source.users, groups: source.groups,
            anchor: request.users.names.first ?? AttributeName(known: "entryUUID"),
            read: request.attributesRead(of: source).sorted())
    }
}
