import Glibc
public import RollcallCore

/// A snapshot on disk that was proved whole and unaltered.
public struct SnapshotFile: Sendable {
    public let path: String
    public let facts: SnapshotFacts

    /// Reads the file to its end and proves it; no entry is held.
    public init(path: String) throws(SnapshotError) {
        let input = try SnapshotInput(path)
        var scanner = SnapshotScanner(showsEntries: false)
        while try input.read({ (piece) throws(SnapshotError) in try scanner.read(piece) }) {}
        facts = try scanner.finish()
        self.path = path
    }
}

/// The bytes of a file, chunk by chunk. It is closed when the last reference goes.
final class SnapshotInput {
    private let descriptor: Int32
    private let path: String
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)

    init(_ path: String) throws(SnapshotError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw .file("cannot be read", errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw SnapshotError(.file, "the snapshot is not a regular file")
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        buffer.deallocate()
    }

    /// Shows the next bytes to `body`; `false` at the end.
    func read(_ body: (UnsafeRawBufferPointer) throws(SnapshotError) -> Void) throws(SnapshotError) -> Bool {
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .file("cannot be read", errno) }
            if count == 0 { return false }
            try body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
            return true
        }
    }
}

extension SnapshotError {
    static func file(_ what: String, _ number: Int32) -> SnapshotError {
        SnapshotError(.file, "the snapshot \(what): \(String(cString: strerror(number))) (errno \(number))")
    }
}
