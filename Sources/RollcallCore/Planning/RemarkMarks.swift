/// The marks that an entry keeps of remarks about it: those of the last applied run, or those that a person has acknowledged.
///
/// They stand one after the other. Marks of an earlier version, eight bytes each, come behind an octet of zero until an applied run has
/// met the entry again.
public struct RemarkMarks: Hashable, Sendable {
    /// The size of a mark of an earlier version, in bytes.
    static let legacySize = 8

    private var isLegacy: Bool
    private var marks: Set<[UInt8]>

    /// The marks that `bytes` hold.
    public init(_ bytes: [UInt8]) {
        isLegacy = bytes.count % RemarkMarks.legacySize == 1
        let size = isLegacy ? RemarkMarks.legacySize : Digest.byteCount
        let start = isLegacy ? 1 : 0
        let count = (bytes.count - start) / size
        marks = Set((0..<count).map { Array(bytes[start + $0 * size..<start + ($0 + 1) * size]) })
    }

    /// The marks that `bytes` hold, or none, and then of the same kind as `others`.
    public init(_ bytes: [UInt8], like others: RemarkMarks) {
        self = RemarkMarks(bytes)
        if bytes.isEmpty { isLegacy = others.isLegacy }
    }

    /// What ``init(_:)`` reads; empty when there is no mark.
    public var bytes: [UInt8] {
        if marks.isEmpty { return [] }
        return (isLegacy ? [0] : []) + marks.sorted { $0.lexicographicallyPrecedes($1) }.flatMap(\.self)
    }

    public func contains(_ remark: Remark) -> Bool { marks.contains(mark(of: remark)) }

    /// Adds the mark of `remark`; whether it was not there.
    public mutating func insert(_ remark: Remark) -> Bool { marks.insert(mark(of: remark)).inserted }

    /// Removes the mark of `remark`; whether it was there.
    public mutating func remove(_ remark: Remark) -> Bool { marks.remove(mark(of: remark)) != nil }

    private func mark(of remark: Remark) -> [UInt8] { isLegacy ? remark.legacyMark : remark.mark.bytes }
}

extension PlanRow {
    /// The marks of the remarks, one after the other, as ``RemarkMarks`` reads them.
    public var remarkMarks: [UInt8] { remarks.flatMap(\.mark.bytes) }

    /// The marks of the remarks that a person has acknowledged, each once, in their order.
    public var acknowledged: [UInt8] {
        var marks = RemarkMarks([])
        for remark in remarks where remark.isAcknowledged { _ = marks.insert(remark) }
        return marks.bytes
    }
}
