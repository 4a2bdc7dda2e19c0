/// Collects the values of one entry after another in buffers that are used again, and makes the image of each.
///
/// Call ``begin(dn:)``, then ``append(_:inSlot:)`` for each value in whatever order the source has them, then ``finish()``.
public struct EntryBuilder: Sendable {
    private struct Value {
        var slot: Int
        var start: Int
        var end: Int
    }

    private let slotCount: Int
    private var scratch: [UInt8] = []
    private var values: [Value] = []
    private var dnEnd = 0

    public init(layout: AttributeLayout) {
        slotCount = layout.count
    }

    /// The bytes collected so far; a source compares it with its cap on one entry.
    public var byteCount: Int { scratch.count }

    /// Starts the next entry.
    public mutating func begin(dn: UnsafeBufferPointer<UInt8>) {
        scratch.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: dn)
        dnEnd = scratch.count
    }

    /// Starts the next entry.
    public mutating func begin(dn: some Collection<UInt8>) {
        scratch.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: dn)
        dnEnd = scratch.count
    }

    /// Adds a value. An empty value counts as absent; a slot outside the layout is ignored.
    public mutating func append(_ value: UnsafeBufferPointer<UInt8>, inSlot slot: Int) {
        guard slot >= 0, slot < slotCount, !value.isEmpty else { return }
        let start = scratch.count
        scratch.append(contentsOf: value)
        values.append(Value(slot: slot, start: start, end: scratch.count))
    }

    /// Adds a value. An empty value counts as absent; a slot outside the layout is ignored.
    public mutating func append(_ value: some Collection<UInt8>, inSlot slot: Int) {
        guard slot >= 0, slot < slotCount, !value.isEmpty else { return }
        let start = scratch.count
        scratch.append(contentsOf: value)
        values.append(Value(slot: slot, start: start, end: scratch.count))
    }

    /// The entry: values sorted by slot and byte order, each value once.
    public mutating func finish() -> Entry {
        sortValues()
        var image: [UInt8] = []
        image.reserveCapacity(scratch.count + values.count * 2 + slotCount + 4)
        scratch.withUnsafeBufferPointer { scratch in
            image.appendImageNumber(dnEnd)
            image.append(contentsOf: UnsafeBufferPointer(rebasing: scratch[0..<dnEnd]))
            var next = 0
            for slot in 0..<slotCount {
                var end = next
                while end < values.count, values[end].slot == slot { end += 1 }
                image.appendImageNumber(end - next)
                while next < end {
                    let value = values[next]
                    image.appendImageNumber(value.end - value.start)
                    image.append(contentsOf: UnsafeBufferPointer(rebasing: scratch[value.start..<value.end]))
                    next += 1
                }
            }
        }
        return Entry(image: image)
    }

    /// Insertion sort: entries have a dozen values and servers deliver them nearly in the order they were asked for.
    private mutating func sortValues() {
        if values.count > 64 {
            let bytes = scratch
            values.sort { EntryBuilder.order($0, $1, in: bytes) < 0 }
        } else {
            var index = 1
            while index < values.count {
                let value = values[index]
                var place = index
                while place > 0, EntryBuilder.order(value, values[place - 1], in: scratch) < 0 {
                    values[place] = values[place - 1]
                    place -= 1
                }
                if place != index { values[place] = value }
                index += 1
            }
        }
        var kept = 0
        for index in values.indices {
            if kept > 0, EntryBuilder.order(values[kept - 1], values[index], in: scratch) == 0 { continue }
            values[kept] = values[index]
            kept += 1
        }
        values.removeLast(values.count - kept)
    }

    private static func order(_ left: Value, _ right: Value, in bytes: [UInt8]) -> Int {
        if left.slot != right.slot { return left.slot - right.slot }
        let shared = min(left.end - left.start, right.end - right.start)
        for offset in 0..<shared {
            let difference = Int(bytes[left.start + offset]) - Int(bytes[right.start + offset])
            if difference != 0 { return difference }
        }
        return (left.end - left.start) - (right.end - right.start)
    }
}
