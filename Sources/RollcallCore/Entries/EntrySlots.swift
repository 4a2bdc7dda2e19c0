/// The values of one entry with their places found: an index over the image, which nothing is copied from.
public struct EntrySlots: Sendable {
    private let image: [UInt8]
    /// For each slot the place in `bounds` where its values begin; one more at the end.
    private var starts: [Int32] = []
    /// The first byte of each value and the byte behind its last, in turn.
    private var bounds: [Int32] = []
    private let dnBounds: Range<Int>

    init(_ image: [UInt8]) {
        self.image = image
        var starts: [Int32] = []
        var bounds: [Int32] = []
        starts.reserveCapacity(20)
        bounds.reserveCapacity(32)
        dnBounds = image.withUnsafeBufferPointer { bytes in
            var position = 0
            func number() -> Int {
                var value = 0
                var shift = 0
                while position < bytes.count, shift < 56 {
                    let byte = bytes[position]
                    position += 1
                    value |= Int(byte & 0x7F) << shift
                    if byte < 0x80 { break }
                    shift += 7
                }
                return value
            }
            func field() -> Range<Int> {
                let length = number()
                let start = position
                position = min(bytes.count, start + length)
                return start..<position
            }
            let dn = field()
            while position < bytes.count {
                starts.append(Int32(truncatingIfNeeded: bounds.count))
                let count = number()
                // Each value takes at least one octet, so a count beyond the end of the image is none.
                for _ in 0..<min(count, bytes.count - position) where position < bytes.count {
                    let place = field()
                    bounds.append(Int32(truncatingIfNeeded: place.lowerBound))
                    bounds.append(Int32(truncatingIfNeeded: place.upperBound))
                }
            }
            return dn
        }
        starts.append(Int32(truncatingIfNeeded: bounds.count))
        self.starts = starts
        self.bounds = bounds
    }

    /// The distinguished name as delivered.
    public var dn: ArraySlice<UInt8> { image[dnBounds] }

    /// The anchor; `nil` when the entry has no value for it, or one that cannot be read.
    public var anchor: Anchor? {
        count(AttributeLayout.anchorSlot) > 0 && !isUnreadable(AttributeLayout.anchorSlot)
            ? Anchor(value(AttributeLayout.anchorSlot, 0)) : nil
    }

    /// One bit for each slot that has a value, slot 0 in the lowest.
    public var presence: UInt64 {
        var bits: UInt64 = 0
        for slot in 0..<max(starts.count - 1, 0) where starts[slot + 1] > starts[slot] { bits |= 1 << UInt64(slot & 63) }
        return bits
    }

    /// The number of values in `slot`; 0 for a slot outside the layout.
    public func count(_ slot: Int) -> Int {
        guard slot >= 0, slot + 1 < starts.count else { return 0 }
        return Int(starts[slot + 1] - starts[slot]) / 2
    }

    /// Whether the slot has a value that could not be read: too large, or only a part of it was given.
    ///
    /// It then has one value without bytes, which no value of a source has.
    public func isUnreadable(_ slot: Int) -> Bool {
        count(slot) > 0 && bounds(slot, 0).isEmpty
    }

    /// One value, by its place in byte order; the slot must have it.
    public func value(_ slot: Int, _ place: Int) -> ArraySlice<UInt8> {
        image[bounds(slot, place)]
    }

    /// All values in `slot`, in byte order.
    public subscript(slot: Int) -> [ArraySlice<UInt8>] {
        (0..<count(slot)).map { value(slot, $0) }
    }

    /// One value as text; `nil` when it is not UTF-8 or has a NUL.
    func text(_ slot: Int, _ place: Int) -> Text? {
        let range = bounds(slot, place)
        return image.withUnsafeBufferPointer { Text(UnsafeBufferPointer(rebasing: $0[range])) }
    }

    private func bounds(_ slot: Int, _ place: Int) -> Range<Int> {
        guard slot >= 0, place >= 0, place < count(slot) else { return 0..<0 }
        let index = Int(starts[slot]) + place * 2
        return Int(bounds[index])..<Int(bounds[index + 1])
    }
}
