/// The Unicode tables that ``FoldedKey`` works with, unpacked once from their compact form.
///
/// They are our own, rather than the standard library's, so that a key does not change with the compiler that built the program.
struct FoldTables: Sendable {
    static let shared = FoldTables()

    /// Per scalar: 0 when folding keeps it, otherwise one more than an index into `spans`.
    private var mappings = ScalarTrie()
    /// Per scalar: its canonical combining class, and ``secondPart`` when it can be the second part of a composition.
    private var classes = ScalarTrie()
    private var spans: [Range<Int>] = [0..<0]
    private var outputs: [UInt32] = []
    private var compositions: [UInt64: UInt32] = [:]

    private static let secondPart: UInt16 = 0x100
    /// The value of `mappings` for scalars that vanish: the empty first span.
    private static let vanishes: UInt16 = 1

    private init() {
        FoldTables.readRuns(FoldTables.classData) { classes.set($0, to: UInt16(truncatingIfNeeded: $1)) }
        FoldTables.readRuns(FoldTables.ignorableData) { scalar, _ in mappings.set(scalar, to: FoldTables.vanishes) }
        readMappings()
        readCompositions()
    }

    /// What the scalar folds to, fully decomposed, or `nil` when it stays as it is.
    @inline(__always)
    func folded(_ scalar: UInt32) -> ArraySlice<UInt32>? {
        let index = Int(mappings[scalar])
        return index == 0 ? nil : outputs[spans[index &- 1]]
    }

    /// Whether the scalar is default-ignorable: invisible, and dropped by folding.
    func isIgnorable(_ scalar: UInt32) -> Bool {
        mappings[scalar] == FoldTables.vanishes
    }

    /// The canonical combining class; 0 for a starter.
    @inline(__always)
    func combiningClass(_ scalar: UInt32) -> UInt8 {
        UInt8(truncatingIfNeeded: classes[scalar])
    }

    /// The primary composite of two scalars, Hangul included, or `nil`.
    @inline(__always)
    func composition(_ first: UInt32, _ second: UInt32) -> UInt32? {
        if let syllable = Hangul.composition(first, second) { return syllable }
        guard classes[second] & FoldTables.secondPart != 0 else { return nil }
        return compositions[UInt64(first) << 32 | UInt64(second)]
    }

    private mutating func readMappings() {
        var reader = PackedReader(FoldTables.mappingData)
        var scalar: UInt32 = 0
        while let step = reader.number(), let count = reader.number() {
            scalar &+= step
            let start = outputs.count
            for _ in 0..<count {
                guard let distance = reader.signedNumber() else { return }
                outputs.append(UInt32(truncatingIfNeeded: Int64(scalar) + distance))
            }
            spans.append(start..<outputs.count)
            mappings.set(scalar, to: UInt16(truncatingIfNeeded: spans.count))
        }
    }

    private mutating func readCompositions() {
        var reader = PackedReader(FoldTables.compositionData)
        var scalar: UInt32 = 0
        while let step = reader.number(), let first = reader.signedNumber(), let second = reader.signedNumber() {
            scalar &+= step
            let firstPart = UInt32(truncatingIfNeeded: Int64(scalar) + first)
            let secondPart = UInt32(truncatingIfNeeded: Int64(scalar) + second)
            compositions[UInt64(firstPart) << 32 | UInt64(secondPart)] = scalar
            classes.set(secondPart, to: classes[secondPart] | FoldTables.secondPart)
        }
    }

    private static func readRuns(_ data: StaticString, _ set: (UInt32, UInt32) -> Void) {
        var reader = PackedReader(data)
        var scalar: UInt32 = 0
        while let gap = reader.number(), let length = reader.number(), let value = reader.number() {
            scalar &+= gap
            for _ in 0..<length {
                set(scalar, value)
                scalar &+= 1
            }
        }
    }
}
