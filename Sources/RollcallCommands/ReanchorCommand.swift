internal import ArgumentParser
internal import RollcallCore
internal import RollcallEngine

struct ReanchorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reanchor", abstract: "Links users to the entries that have their usernames now, after a server was rebuilt.",
        discussion: """
            A rebuilt server gives everybody a new immutable id, so that all look gone and all look new. This reads the source, finds the linked \
            users whose own entry is missing and whose username one unknown entry has, and links each to that entry. It takes the username's \
            word for it: look at the list. With the names of users only those are linked.

            \(DeedOptions.discussion) 5 the source could not be read whole.
            """)

    @Argument(help: "Usernames; all when none is given.") var users: [String] = []
    @OptionGroup var options: DeedOptions

    func run() async throws {
        let workplace = try Workplace(options.config)
        let progress = ProgressLine()
        let request = RunRequest(mode: .plan, actor: Workplace.actor)
        let found = await Run(workplace.environment(command: "reanchor", progress: progress), request).movedAnchors()
        progress.clear()
        switch found.record.outcome {
        case .failed, .incomplete, .stale:
            Terminal.say(found.record.reason ?? "the source could not be read")
            throw ExitStatus(found.record, isLockedOut: found.isLockedOut).exit
        case .inSync, .pending, .applied, .appliedPartly, .held: break
        }
        try workplace.carryOut(.reanchor(try asked(of: found.moved)), options)
    }

    private func asked(of moved: [MovedAnchor]) throws -> [MovedAnchor] {
        if users.isEmpty { return moved }
        return try users.map { name in
            if let move = moved.first(where: { FoldedKey($0.username) == FoldedKey(Text(name)) }) { return move }
            Terminal.say("\(name): no linked user of this name has lost the entry while another entry has the name")
            throw ExitStatus.failed.exit
        }
    }
}
