internal import ArgumentParser
internal import RollcallCore
internal import RollcallEngine

struct SourceCommand: CommandGroup {
    static let configuration = CommandConfiguration(
        commandName: "source", abstract: "Says what is to be thought of the source.", subcommands: [Accept.self])

    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "accept", abstract: "Takes the source as it is now, after a restored backup or a change of servers.",
            discussion: """
                A source whose contextCSN went back is refused: it is a replica that lags. When it will not catch up, this forgets the \
                mark of the last applied run, and the next run is let through. The same for a run whose clock was ahead: expiry is judged by \
                our clock again. It reads the source, as `plan` does, to show both marks.

                \(DeedOptions.discussion) 5 the source could not be read whole.
                """)

        @OptionGroup var options: DeedOptions

        func run() async throws {
            let workplace = try Workplace(options.config)
            try workplace.requireStore()
            let proof = try await read(workplace)
            try workplace.carryOut(
                .acceptSource(server: Text(proof.server), watermark: proof.watermark.map { Text($0) }, clock: Workplace.now), options)
        }

        /// Reads the source whole; the store is closed again when it returns.
        private func read(_ workplace: Workplace) async throws -> ReadProof {
            let progress = ProgressLine()
            var request = RunRequest(mode: .plan, actor: Workplace.actor)
            request.acceptsBehind = true
            let finished = await Run(workplace.environment(command: "source accept", progress: progress), request).execute()
            defer { finished.close() }
            progress.clear()
            if let proof = finished.record.source.proof { return proof }
            Terminal.say(finished.record.reason ?? "the source could not be read")
            throw ExitStatus(finished.record, isLockedOut: finished.isLockedOut).exit
        }
    }
}
