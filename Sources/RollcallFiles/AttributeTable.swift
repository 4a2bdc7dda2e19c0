import Glibc
import RollcallCore

/// Finds the use of an attribute by the bytes of its name as spelled in the file.
///
/// Each spelling is read as an ``AttributeName`` once and then found again by its bytes, so that case and the order of options cost
/// nothing on the millionth line. The table is of fixed size; a file with more spellings than it holds is read more slowly.
struct AttributeTable {
    private struct Spelling {
        let start: Int
        let count: Int
        let use: AttributeUse
    }

    private static let capacity = 256
    private static let bucketCount = 1024

    private let wanted: any AttributeUses
    private var text: [UInt8] = []
    private var spellings: [Spelling] = []
    private var buckets = [Int](repeating: -1, count: bucketCount)

    init(_ wanted: any AttributeUses) {
        self.wanted = wanted
    }

    /// The use of an attribute; `nil` when the bytes are not an attribute description.
    mutating func use(of name: UnsafeBufferPointer<UInt8>) -> AttributeUse? {
        guard let base = name.baseAddress, !name.isEmpty else { return nil }
        var bucket = Self.bucket(of: name)
        while true {
            let index = buckets[bucket]
            guard index >= 0 else { break }
            let spelling = spellings[index]
            if spelling.count == name.count {
                let isSame = text.withUnsafeBufferPointer { text in
                    text.baseAddress.map { memcmp($0 + spelling.start, base, spelling.count) == 0 } ?? false
                }
                if isSame { return spelling.use }
            }
            bucket = (bucket + 1) & (Self.bucketCount - 1)
        }
        guard let attribute = AttributeName(bytes: name) else { return nil }
        let use = wanted.use(of: attribute)
        if spellings.count < Self.capacity, name.count <= Self.capacity {
            buckets[bucket] = spellings.count
            spellings.append(Spelling(start: text.count, count: name.count, use: use))
            text.append(contentsOf: name)
        }
        return use
    }

    /// A bucket by length and three of the bytes, which tells the attributes of one schema apart well enough.
    @inline(__always)
    private static func bucket(of name: UnsafeBufferPointer<UInt8>) -> Int {
        let last = name.count - 1
        let mix = UInt(name.count) &* 31 &+ UInt(name[0]) &* 7 &+ UInt(name[last / 2]) &* 131 &+ UInt(name[last]) &* 517
        return Int(truncatingIfNeeded: mix & UInt(bucketCount - 1))
    }
}
