internal import ArgumentParser
internal import RollcallReport

/// Reads plan files from disk.
enum PlanFileAccess {
    /// All bytes of a file that a person has edited; at most 64 MiB of them.
    static func bytes(of path: String, _ what: String) throws -> [UInt8] {
        do {
            return try FileChunks.bytes(of: path, limit: 1 << 26)
        } catch let failure as FileChunks.Failure {
            throw refusal(path, what, failure)
        }
    }

    /// Reads a plan file and proves it unchanged. What its changes are is not looked at: the fresh plan must have the same digest.
    static func read(_ path: String) throws -> PlanFile {
        var reader = PlanFileReader()
        do {
            try FileChunks.read(path) { try reader.read($0) }
            return try reader.finish()
        } catch let failure as FileChunks.Failure {
            throw refusal(path, "plan file", failure)
        } catch let error as PlanFileError {
            Terminal.say("\(path): \(error)")
            throw ExitStatus.failed.exit
        }
    }

    private static func refusal(_ path: String, _ what: String, _ failure: FileChunks.Failure) -> ExitCode {
        Terminal.say("\(path): the \(what) cannot be read: \(failure)")
        return ExitStatus.failed.exit
    }
}
