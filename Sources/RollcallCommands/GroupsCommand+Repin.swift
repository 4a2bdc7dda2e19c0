internal import ArgumentParser
internal import RollcallCore
internal import RollcallEngine
internal import RollcallReport

extension GroupsCommand {
    struct Repin: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "repin", abstract: "Accepts that a mapped upstream group is gone, or that another one has its name.",
            discussion: """
                Reads the directory, and shows who would lose and get which permission group, and what would be pinned in place of \
                what. The next `apply` then makes the changes, and its guards judge them as any other.

                \(DeedOptions.discussion) 5 the source could not be read whole.
                """)

        @OptionGroup var options: DeedOptions
        @Argument(
            help: ArgumentHelp(
                "A rule by its number or text, a pinned group by its name, DN or id, or a permission group. Left out, all.",
                valueName: "rule"))
        var name: String?

        func run() async throws {
            let workplace = try Workplace(options.config)
            let standings = try await preview(workplace)
            try workplace.carryOut(.repin(standings), options)
        }

        /// Shows what would follow; the store is closed again when it returns.
        ///
        /// - Returns: the rules that would be pinned anew.
        private func preview(_ workplace: Workplace) async throws -> [PinStanding] {
            let progress = ProgressLine()
            let run = Run(
                workplace.environment(command: "groups repin", progress: progress), RunRequest(mode: .plan, actor: Workplace.actor))
            let outcome = await run.previewRepin(of: name.map { Text($0) })
            progress.clear()
            switch outcome {
            case .failed(let record, let isLockedOut):
                Terminal.say(record.reason ?? "the run failed")
                throw ExitStatus(record, isLockedOut: isLockedOut).exit
            case .unknown:
                Terminal.say("no rule and no mapped group is called \(name ?? ""); `rollcall groups list --mapped` lists them")
                throw ExitStatus.failed.exit
            case .settled(let followed):
                for standing in followed { Terminal.say(standing.warning.string) }
                return []
            case .waiting(let preview):
                defer { preview.close() }
                try show(preview)
                return preview.standings
            }
        }

        private func show(_ preview: RepinPreview) throws {
            let table = Table(
                schema: "rollcall.repin/1", name: "changes",
                columns: [
                    .init("action", title: "would"), .init("user", title: "who"), .init("group", title: "what"),
                    .init("rule", title: "rule", isRightAligned: true), .init("path", title: "by way of"),
                ], emptyText: "Nobody would lose or get anything.")
            try table.show(.text) { body in
                try preview.forEachChange { label, change in
                    let way = change.path.map(\.string).joined(separator: " › ")
                    return body([
                        .string(change.action.rawValue), .text(label), change.group.map { .text($0) } ?? .none,
                        .number(change.rule.groupNumber ?? 0), .string(way),
                    ])
                }
            }
        }
    }
}
