/// One upstream person as the source delivered them: a DN and the values of the attributes in a layout.
///
/// An entry is one run of bytes, its *image*: the DN, then for each slot the number of its values and the values in byte order,
/// every length as a variable-length integer. Two entries with the same content have the same image whatever order the server
/// answered in, and the image's digest tells whether anything a rule can see has changed.
public struct Entry: Hashable, Sendable {
    /// The canonical bytes.
    public let image: [UInt8]

    /// An entry over bytes that ``EntryBuilder`` made.
    public init(image: [UInt8]) {
        self.image = image
    }

    /// The distinguished name as delivered; empty when the source has none.
    public var dn: ArraySlice<UInt8> {
        var cursor = ImageCursor(image)
        return cursor.nextField()
    }

    /// The anchor; `nil` when the entry has no value for it, or one that cannot be read, which makes it unusable.
    public var anchor: Anchor? {
        values(inSlot: AttributeLayout.anchorSlot).first.flatMap { $0.isEmpty ? nil : Anchor($0) }
    }

    /// The values in `slot`, in byte order; empty when the attribute is absent or the slot is outside the layout.
    public func values(inSlot slot: Int) -> [ArraySlice<UInt8>] {
        var cursor = ImageCursor(image)
        _ = cursor.nextField()
        for _ in 0..<max(slot, 0) {
            if cursor.isAtEnd { return [] }
            let count = cursor.nextCount()
            for _ in 0..<count { _ = cursor.nextField() }
        }
        if slot < 0 || cursor.isAtEnd { return [] }
        return cursor.nextFields()
    }

    /// All slots at once, for a reader that wants most of them.
    public var slots: EntrySlots { EntrySlots(image) }

    /// One bit for each slot that has a value, slot 0 in the lowest.
    public var presence: UInt64 {
        var cursor = ImageCursor(image)
        _ = cursor.nextField()
        var bits: UInt64 = 0
        var slot = 0
        while !cursor.isAtEnd {
            let count = cursor.nextCount()
            if count > 0 { bits |= 1 << UInt64(slot & 63) }
            for _ in 0..<count { _ = cursor.nextField() }
            slot += 1
        }
        return bits
    }

    /// The digest that tells this content from any other.
    public var digest: ShortDigest { Digest(hashing: image).short }
}
