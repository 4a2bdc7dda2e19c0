import CZlib
import RollcallCore

/// Decompresses gzip as it comes (RFC 1952), piece by piece, in the same small memory whatever comes out.
///
/// libcurl could do it too, but takes a stream that breaks off for a whole one.
struct GzipReader: ~Copyable {
    /// Why bytes are not what they should be.
    struct Damage: Error {}

    /// Bytes that come out at once, at most.
    static let pieceSize = 64 << 10

    private let reader: OpaquePointer
    private let piece: UnsafeMutablePointer<UInt8>
    /// Whether every member that has begun has also ended, with its checksum and its length right.
    private(set) var isWhole = true

    /// `nil` when there is no memory.
    init?() {
        guard let reader = rollcall_gunzip_open() else { return nil }
        self.reader = reader
        piece = .allocate(capacity: GzipReader.pieceSize)
    }

    deinit {
        rollcall_gunzip_close(reader)
        piece.deallocate()
    }

    /// Reads bytes and lends what comes out of them to `body`, until that returns `false`.
    ///
    /// - Throws: ``Damage`` when they are no gzip, or anything follows it.
    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Bool) throws(Damage) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeBufferPointer(rebasing: rest.prefix(1 << 20))
            rest = rest.dropFirst(part.count)
            rollcall_gunzip_give(reader, part.baseAddress, UInt32(part.count))
            isWhole = false
            var state: Int32 = 1
            while state != 0 {
                var made: UInt32 = 0
                state = rollcall_gunzip_take(reader, piece, UInt32(GzipReader.pieceSize), &made)
                guard state >= 0 else { throw Damage() }
                if made > 0, !body(UnsafeBufferPointer(start: piece, count: Int(made))) { return }
                if state == 2 {
                    isWhole = rollcall_gunzip_left(reader) == 0
                    if isWhole { break }
                }
            }
        }
    }
}
