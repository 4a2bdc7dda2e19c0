internal import Glibc

/// Reads files from their start to their end.
enum FileChunks {
    /// Why a file could not be read.
    struct Failure: Error, CustomStringConvertible {
        let number: Int32

        var description: String { String(cString: strerror(number)) }
    }

    /// Lends a file to `body`, a megabyte at most at a time.
    ///
    /// - Throws: ``Failure``, and what `body` throws.
    static func read(_ path: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(number: errno) }
        defer { Glibc.close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure(number: errno) }
            if count == 0 { return }
            try buffer.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
    }

    /// All bytes of a file, unless there are more than so many.
    ///
    /// - Throws: ``Failure``.
    static func bytes(of path: String, limit: Int = .max) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try read(path) { chunk in
            guard chunk.count <= limit - bytes.count else { throw Failure(number: EFBIG) }
            bytes += chunk
        }
        return bytes
    }
}
