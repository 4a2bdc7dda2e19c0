internal import ArgumentParser
internal import Glibc
internal import RollcallReport

/// Reads plan files from disk.
enum PlanFileAccess {
    /// All bytes of a file that a person has edited; at most 64 MiB of them.
    static func bytes(of path: String, _ what: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw refusal(path, "cannot be read", what) }
        defer { Glibc.close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0, bytes.count < 1 << 26 else { throw refusal(path, "cannot be read", what) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// Reads a plan file and proves it unchanged. What its changes are is not looked at: the fresh plan must have the same digest.
    static func read(_ path: String) throws -> PlanFile {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw refusal(path, "cannot be read") }
        defer { Glibc.close(descriptor) }
        var reader = PlanFileReader()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        do {
            while true {
                let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw refusal(path, "cannot be read") }
                if count == 0 { break }
                try buffer.withUnsafeBytes { try reader.read(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            }
            return try reader.finish()
        } catch let error as PlanFileError {
            Terminal.say("\(path): \(error)")
            throw ExitStatus.failed.exit
        }
    }

    private static func refusal(_ path: String, _ what: String, _ file: String = "plan file") -> ExitCode {
        Terminal.say("\(path): the \(file) \(what): \(String(cString: strerror(errno)))")
        return ExitStatus.failed.exit
    }
}
