import Glibc
import RollcallCore

/// A regular file, open for one reading from its start to its end.
///
/// What was opened is what is checked: a symbolic link in the path is followed by `open(2)`, and only the descriptor's own status
/// decides. It is closed when the last reference goes.
final class RegularFile {
    private let path: String
    private let descriptor: Int32
    private let opened: FileIdentity
    /// When the file was last written, as of its opening.
    var written: Instant { opened.written }
    private var bytesRead: Int64 = 0

    /// Opens a file.
    ///
    /// - Throws: ``SourceError`` when it is missing, unreadable or not a regular file. Opening never blocks, not even on a pipe.
    init(path: String) throws(SourceError) {
        let descriptor = RegularFile.retrying { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) }
        guard descriptor >= 0 else { throw RegularFile.openFailure(errno, path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let number = errno
            close(descriptor)
            throw RegularFile.readFailure(number, path)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            let kind = status.st_mode & S_IFMT == S_IFDIR ? "a directory" : "a pipe, socket or device"
            throw SourceError(
                .malformed, subject: path, message: "this is \(kind), not a regular file",
                advice: "set source.path to the file that the export writes")
        }
        self.path = path
        self.descriptor = descriptor
        opened = FileIdentity(status)
    }

    deinit {
        close(descriptor)
    }

    /// Reads the next bytes into a buffer and gives their number; 0 only at the end of the file.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        let count = RegularFile.retrying { Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
        guard count >= 0 else { throw RegularFile.readFailure(errno, path) }
        bytesRead += Int64(count)
        return count
    }

    /// Proves, at the end of the file, that the bytes read are one state of it and that the path still leads to it.
    ///
    /// - Throws: ``SourceError`` with the code `unstable` when the file was written or replaced meanwhile.
    func proveUnchanged() throws(SourceError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw RegularFile.readFailure(errno, path) }
        let now = FileIdentity(status)
        guard now == opened, bytesRead == opened.size else {
            let sizes = "\(opened.size) bytes before, \(now.size) after, \(bytesRead) read"
            throw unstable("the file was written to while it was read (\(sizes))")
        }
        guard stat(path, &status) == 0 else { throw unstable("the file was removed while it was read") }
        guard FileIdentity(status).isSameFile(as: opened) else { throw unstable("the file was replaced while it was read") }
    }

    private func unstable(_ message: String) -> SourceError {
        SourceError(
            .unstable, subject: path, message: message,
            advice: "let the export write another file and rename it to this one when it is complete")
    }
}

extension RegularFile {
    private static func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }

    private static func openFailure(_ number: Int32, _ path: String) -> SourceError {
        switch number {
        case ENOENT, ENOTDIR:
            SourceError(
                .unreachable, subject: path, message: "there is no such file",
                advice: "check source.path and whether the export has run")
        case EACCES, EPERM:
            SourceError(
                .credentials, subject: path, message: "permission denied (errno \(number))",
                advice: "let user id \(geteuid()) read the file and search the directories above it")
        default:
            readFailure(number, path, doing: "open")
        }
    }

    private static func readFailure(_ number: Int32, _ path: String, doing verb: String = "read") -> SourceError {
        SourceError(
            .unreachable, subject: path, message: "cannot \(verb) the file: \(String(cString: strerror(number))) (errno \(number))",
            advice: "check the disk or network mount that holds it")
    }
}
