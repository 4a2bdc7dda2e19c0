import RollcallCore

/// Walks over the attributes of a raw entry as ``EntryFields`` does over those of an answer.
struct RawFields: AttributeFields, ~Copyable {
    private var cursor: RawEntryCursor
    private var upcoming: RawEntryCursor.Item?
    private var values: [UnsafeBufferPointer<UInt8>] = []

    let dn: UnsafeBufferPointer<UInt8>
    private(set) var name = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    private(set) var isCut = false
    var valueCount: Int { values.count }
    /// Whether the bytes ended in the middle of something; known at the end.
    var isDamaged: Bool { cursor.isDamaged }

    /// - Parameter cursor: at the first attribute; what it gives is lent for as long as these fields are used.
    init(_ cursor: RawEntryCursor) {
        self.cursor = cursor
        dn = cursor.dn
        upcoming = self.cursor.next()
    }

    mutating func advance() -> Bool {
        values.removeAll(keepingCapacity: true)
        isCut = false
        guard case .attribute(let description) = upcoming else { return false }
        name = description
        while true {
            upcoming = cursor.next()
            switch upcoming {
            case .value(let value): values.append(value)
            case .cut: isCut = true
            case .attribute: return true
            case nil: return true
            }
        }
    }

    func value(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        values.indices.contains(index) ? values[index] : UnsafeBufferPointer(start: nil, count: 0)
    }
}
