/// How names of members are compared: by bytes, without regard to ASCII letter case (RFC 7643 section 2.1).
enum JSONName {
    /// A number that two names share when they are the same, and that few others share.
    @inline(__always)
    static func hash(_ name: UnsafeBufferPointer<UInt8>) -> UInt32 {
        let count = name.count
        let raw = UnsafeRawBufferPointer(name)
        let cases: UInt64 = 0x2020_2020_2020_2020
        var first: UInt64 = 0
        var last: UInt64 = 0
        if count >= 8 {
            first = raw.loadUnaligned(as: UInt64.self) | cases
            last = raw.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self) | cases
        } else {
            for byte in name { first = first << 8 | UInt64(byte | 0x20) }
        }
        let mixed = (first ^ (last &* 0x9E37_79B9_7F4A_7C15)) &* 0xBF58_476D_1CE4_E5B9 &+ UInt64(truncatingIfNeeded: count)
        return UInt32(truncatingIfNeeded: mixed >> 32 ^ mixed)
    }

    @inline(__always)
    static func folded(_ byte: UInt8) -> UInt8 { byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte }

    /// Whether both are the same name.
    @inline(__always)
    static func isSame(_ one: UnsafeBufferPointer<UInt8>, _ other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard one.count == other.count else { return false }
        for index in 0..<one.count where folded(one[index]) != folded(other[index]) { return false }
        return true
    }

    /// An order in which the same names stand beside each other.
    static func precedes(_ one: UnsafeBufferPointer<UInt8>, _ other: UnsafeBufferPointer<UInt8>) -> Bool {
        one.lexicographicallyPrecedes(other) { folded($0) < folded($1) }
    }
}
