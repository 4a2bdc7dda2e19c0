internal import RollcallCore

/// The sorted keys of a group's members, packed: sixteen bytes each, lent by whoever has them.
struct PackedKeys {
    private let bytes: UnsafeRawBufferPointer
    let count: Int

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        count = bytes.count / 16
    }

    subscript(place: Int) -> ShortDigest {
        ShortDigest(bytes: UnsafeRawBufferPointer(rebasing: bytes[place * 16..<place * 16 + 16])) ?? ShortDigest(high: 0, low: 0)
    }

    /// The keys that only one of two lists has.
    func differing(from other: PackedKeys) -> [ShortDigest] {
        var result: [ShortDigest] = []
        var (i, j) = (0, 0)
        while i < count || j < other.count {
            if j == other.count || (i < count && self[i] < other[j]) {
                result.append(self[i])
                i += 1
            } else if i == count || other[j] < self[i] {
                result.append(other[j])
                j += 1
            } else {
                i += 1
                j += 1
            }
        }
        return result
    }
}
