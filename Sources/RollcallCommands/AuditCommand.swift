internal import ArgumentParser
internal import RollcallCore
internal import RollcallReport
internal import RollcallSQLite

struct AuditCommand: CommandGroup {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Checks the audit log, and shows what people did.", subcommands: [Verify.self, Operations.self])

    struct Operations: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "operations", abstract: "Lists what people did beside any run, the newest first.")

        @OptionGroup var config: ConfigOption
        @OptionGroup var format: FormatOption
        @Option(help: "The most operations to list.")
        var last = 50

        func run() throws {
            let reader = try Workplace(config).reader()
            let table = Table(
                schema: "rollcall.operations/1", name: "operations",
                columns: [
                    .init("at", title: "AT"), .init("actor", title: "BY"), .init("verb", title: "DID"), .init("subject", title: "TO"),
                    .init("detail", title: "WHAT CAME OF IT"),
                ], emptyText: "Nobody did anything beside the runs.")
            try table.show(format.format) { body in
                var count = 0
                try reader.forEachOperation { at, operation in
                    count += 1
                    return count <= last
                        && body([
                            .time(at), .text(operation.actor), .string(operation.verb), .text(operation.subject), .text(operation.detail),
                        ])
                }
            }
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: "Goes through the hash chain of the audit log.",
            discussion: """
                A chain does not show that its end was cut: keep the head that reports print (audit COUNT:HASH) elsewhere, and give it \
                as --expect.

                Exit status: 0 the log is whole, 1 it is not.
                """)

        @OptionGroup var config: ConfigOption
        @Flag(help: "Print only the head, as COUNT:HASH.")
        var head = false
        @Option(help: ArgumentHelp("A head from an earlier report, as COUNT:HASH; the log must still have it.", valueName: "count:hash"))
        var expect: String?

        func run() throws {
            var expected: AuditHead?
            if let expect {
                let parts = expect.split(separator: ":")
                guard parts.count == 2, let count = Int64(parts[0]), count >= 0, let hash = Digest(hexadecimal: String(parts[1])) else {
                    throw ValidationError("--expect takes COUNT:HASH as a report prints it")
                }
                expected = AuditHead(count: count, hash: hash)
            }
            let reader = try Workplace(config).reader()
            try orFail {
                let verdict = try reader.verifyAudit(against: expected)
                var output = Terminal.output()
                switch verdict {
                case .whole(let end): output.write(head ? "\(end)\n" : "The audit log is whole: \(end.count) events, head \(end)\n")
                case .broken(let place, let reason):
                    Terminal.say("the audit log is broken at event \(place): \(reason)")
                    throw ExitStatus.failed.exit
                case .cut(let end, let expected):
                    Terminal.say("the audit log does not have \(expected); it ends at \(end): its end was cut or replaced")
                    throw ExitStatus.failed.exit
                }
                try output.finishQuietly()
            }
        }
    }
}
