internal import RollcallCore

/// Tells, in four megabytes whatever the directory's size, which names nobody else in a reading wants.
///
/// It is a Bloom filter: a name that it has not seen was certainly not there before; one that it believes to have seen is looked at
/// closely. At 100,000 entries it is wrong about one name in a million, at a million about one in a few hundred.
struct ClaimFilter {
    private static let bits: UInt64 = 1 << 25
    private var words: [UInt64] = []

    /// Adds a name; `true` when it may have been there before.
    mutating func insert(_ kind: ClaimKind, _ key: [UInt8]) -> Bool {
        if words.isEmpty { words = Array(repeating: 0, count: Int(ClaimFilter.bits / 64)) }
        // FNV-1a; names that meet on purpose only cost a closer look.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(bitPattern: kind.rawValue)
        for byte in key { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var place = hash ^ (hash >> 29)
        let step = (hash &* 0x9E37_79B9_7F4A_7C15) >> 20 | 1
        var wasThere = true
        for _ in 0..<4 {
            place &+= step
            let bit = place & (ClaimFilter.bits - 1)
            let mask: UInt64 = 1 << (bit & 63)
            if words[Int(bit >> 6)] & mask == 0 {
                wasThere = false
                words[Int(bit >> 6)] |= mask
            }
        }
        return wasThere
    }
}
