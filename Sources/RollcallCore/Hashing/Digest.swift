internal import CCrypto

/// A SHA-256 digest, held inline.
///
/// It compares and orders by its bytes; its text form is lower-case hexadecimal.
public struct Digest: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number of bytes of a digest.
    public static let byteCount = 32

    /// All zero: stands where no digest was worked out.
    static let none = Digest(bigEndianWords: (0, 0, 0, 0))

    private let words: (UInt64, UInt64, UInt64, UInt64)

    init(bigEndianWords words: (UInt64, UInt64, UInt64, UInt64)) {
        self.words = words
    }

    /// A digest from its 32 bytes; `nil` for any other number of bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Digest.byteCount else { return nil }
        var parts: [UInt64] = [0, 0, 0, 0]
        for (offset, byte) in bytes.enumerated() {
            parts[offset / 8] = parts[offset / 8] << 8 | UInt64(byte)
        }
        words = (parts[0], parts[1], parts[2], parts[3])
    }

    /// A digest from 64 hexadecimal digits of either case; `nil` for anything else.
    public init?(hexadecimal text: String) {
        let digits = Array(text.utf8)
        guard digits.count == Digest.byteCount * 2 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Digest.byteCount)
        for pair in stride(from: 0, to: digits.count, by: 2) {
            guard let high = Hexadecimal.value(of: digits[pair]), let low = Hexadecimal.value(of: digits[pair + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        self.init(bytes: bytes)
    }

    /// The digest of `bytes`.
    public init(hashing bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { Digest(hashing: $0) }
    }

    /// The digest of the bytes that `buffer` shows.
    public init(hashing buffer: UnsafeRawBufferPointer) {
        self = Digest.filled { rollcall_sha256(buffer.baseAddress, buffer.count, $0) }
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(Digest.byteCount)
        append(to: &result)
        return result
    }

    /// Lends the 32 bytes.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUnsafeBytes(of: (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)) { body($0) }
    }

    /// Appends the 32 bytes to `output`.
    public func append(to output: inout [UInt8]) {
        withBytes { output.append(contentsOf: $0) }
    }

    /// The first 128 bits: the short form that recognises equal content inside one store.
    public var short: ShortDigest { ShortDigest(high: words.0, low: words.1) }

    public var description: String { Hexadecimal.text(bytes) }

    public static func == (left: Digest, right: Digest) -> Bool { left.words == right.words }

    public static func < (left: Digest, right: Digest) -> Bool { left.words < right.words }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
    }

    static func filled(_ fill: (UnsafeMutablePointer<UInt8>) -> Void) -> Digest {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: byteCount) { buffer in
            buffer.initialize(repeating: 0)
            if let start = buffer.baseAddress { fill(start) }
            func word(_ index: Int) -> UInt64 {
                var value: UInt64 = 0
                for offset in 0..<8 { value = value << 8 | UInt64(buffer[index * 8 + offset]) }
                return value
            }
            return Digest(bigEndianWords: (word(0), word(1), word(2), word(3)))
        }
    }
}

/// The first 128 bits of a digest: enough to tell equal content from changed content, in half the room.
public struct ShortDigest: Hashable, Comparable, Sendable {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A short digest from its 16 bytes; `nil` for any other number of bytes.
    public init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 16 else { return nil }
        high = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
        low = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }

    /// The 16 bytes, most significant first, so that byte order is this type's order.
    public var bytes: [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(16)
        append(to: &result)
        return result
    }

    /// Appends the 16 bytes to `output`.
    public func append(to output: inout [UInt8]) {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { output.append(contentsOf: $0) }
    }

    /// Lends the bytes of many digests, one after the other, which are turned into them in place.
    public static func withBytes<Result>(of digests: consuming [ShortDigest], _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        for index in digests.indices {
            digests[index] = ShortDigest(high: digests[index].high.bigEndian, low: digests[index].low.bigEndian)
        }
        return digests.withUnsafeBytes { body($0) }
    }

    public static func < (left: ShortDigest, right: ShortDigest) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }
}
