internal import ArgumentParser
internal import RollcallSnapshot

/// A snapshot to read instead of the source.
struct SnapshotOption: ParsableArguments {
    @Option(
        name: .customLong("snapshot"),
        help: ArgumentHelp("Read this snapshot instead of the source; no server is asked.", valueName: "file"), completion: .file())
    var path: String?

    /// The snapshot that was named, proved whole; `nil` when none was. Says what is wrong with it and ends the command.
    func open() throws -> SnapshotFile? {
        guard let path else { return nil }
        do {
            let file = try SnapshotFile(path: path)
            let header = file.facts.header
            Terminal.say("reading the snapshot \(path): \(file.facts.proof.server) as it was on \(header.taken)")
            return file
        } catch let error {
            Terminal.say("\(path): \(error)")
            throw ExitStatus.failed.exit
        }
    }
}
