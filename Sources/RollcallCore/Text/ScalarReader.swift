/// Reads Unicode scalar values, one after the other, from bytes known to be valid UTF-8.
///
/// On bytes that are not valid it yields U+FFFD or a wrong value but never reads outside the buffer.
struct ScalarReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    /// The offset of the scalar that comes next.
    private(set) var offset: Int

    init(_ bytes: UnsafeBufferPointer<UInt8>, from offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    /// The next scalar value, or `nil` at the end.
    @inline(__always)
    mutating func next() -> UInt32? {
        guard offset >= 0, offset < bytes.count else { return nil }
        let lead = bytes[offset]
        if lead < 0x80 {
            offset &+= 1
            return UInt32(lead)
        }
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        guard lead >= 0xC2, offset &+ length <= bytes.count else {
            offset &+= 1
            return 0xFFFD
        }
        var scalar = UInt32(lead) & (0x7F >> UInt32(length))
        for step in 1..<length {
            scalar = scalar << 6 | UInt32(bytes[offset &+ step] & 0x3F)
        }
        offset &+= length
        return scalar
    }
}
