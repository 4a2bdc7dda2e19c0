internal import ArgumentParser
internal import RollcallCore
internal import RollcallEngine
internal import RollcallReport
internal import RollcallSQLite

extension GroupsCommand {
    struct Repin: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "repin", abstract: "Accepts that a mapped upstream group is gone, or that another one has its name.",
            discussion: """
                Reads the directory, and shows what would be pinned in place of what, and who would lose and get which permission \
                group by that. With --yes it is written; on a terminal it is asked. The next `apply` then makes the changes, and its \
                guards judge them as any other.

                Exit status: 0 done, or nothing to do; 5 the source could not be read whole, 1 failed, 6 another applier holds the lock.
                """)

        @OptionGroup var config: ConfigOption
        @OptionGroup var format: FormatOption
        @Argument(
            help: ArgumentHelp(
                "A rule by its number or text, a pinned group by its name, DN or id, or a permission group. Left out, all.",
                valueName: "rule"))
        var name: String?
        @Flag(help: "Write it without asking.")
        var yes = false

        func run() async throws {
            let workplace = try Workplace(config)
            let standings = try await preview(workplace)
            if standings.isEmpty { return }
            guard isWanted() else { return Terminal.say("Nothing was changed; --yes pins this.") }
            try write(standings, workplace)
        }

        /// Shows what would follow. The store is open only so long, for it cannot be written where it is open for reading.
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
                Terminal.say("Nothing waits: every rule has its group.")
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
                    .init("action", title: "action"), .init("rule", title: "rule", isRightAligned: true), .init("group", title: "group"),
                    .init("subject", title: "who, or from"), .init("detail", title: "by way of, or to"),
                ], emptyText: "")
            try table.show(format.format) { body in
                for standing in preview.standings {
                    let cells: [Table.Cell] = [
                        .string("pin"), .number(standing.rule), .text(standing.permissionGroup), .string(standing.pinned.names),
                        .string(standing.review.settled.names),
                    ]
                    if !body(cells) { return }
                }
                try preview.forEachChange { label, change in
                    let way = change.path.map(\.string).joined(separator: " › ")
                    return body([
                        .string(change.action.rawValue), .number(change.groupRule ?? 0), change.group.map { .text($0) } ?? .none,
                        .text(label), .string(way),
                    ])
                }
            }
        }

        private func isWanted() -> Bool {
            if yes { return true }
            guard Terminal.canAsk else { return false }
            Terminal.say("To pin this, type yes:")
            return readLine() == "yes"
        }

        private func write(_ standings: [PinStanding], _ workplace: Workplace) throws {
            let store = SQLiteStore(path: workplace.settings.store.path, holder: Workplace.holder(of: "groups repin"))
            let approver = try workplace.approver()
            if let finding = approver.finding { Terminal.say("\(finding)") }
            do {
                try store.repin(standings, by: approver.name, at: Workplace.now)
                Terminal.say("Pinned. `\(workplace.hints.command("apply"))` makes what follows from it.")
            } catch {
                Terminal.say("\(error)")
                throw ExitStatus(error).exit
            }
        }
    }
}

extension [PinnedGroup] {
    /// The groups by DN and immutable id.
    fileprivate var names: String { isEmpty ? "nothing" : map { "\($0.dn) (\($0.anchor))" }.joined(separator: ", ") }
}
