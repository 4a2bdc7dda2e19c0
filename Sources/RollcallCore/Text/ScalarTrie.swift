/// A number for every Unicode scalar value, 0 unless set, found with two array reads.
struct ScalarTrie: Sendable {
    /// Per 128 scalars: where their block begins in `values`. Block 0 is all zeros and shared.
    private var blocks = [UInt32](repeating: 0, count: 0x110000 >> 7)
    private var values = [UInt16](repeating: 0, count: 128)

    @inline(__always)
    subscript(_ scalar: UInt32) -> UInt16 {
        guard scalar < 0x110000 else { return 0 }
        return values[Int(blocks[Int(scalar >> 7)] | (scalar & 0x7F))]
    }

    mutating func set(_ scalar: UInt32, to value: UInt16) {
        guard scalar < 0x110000 else { return }
        let block = Int(scalar >> 7)
        if blocks[block] == 0 {
            blocks[block] = UInt32(truncatingIfNeeded: values.count)
            values.append(contentsOf: repeatElement(0, count: 128))
        }
        values[Int(blocks[block] | (scalar & 0x7F))] = value
    }
}
