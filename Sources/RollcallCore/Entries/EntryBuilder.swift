/// Collects the values of one entry after another in buffers that are used again, and makes the image of each.
///
/// Call ``begin(dn:)``, then ``append(_:inSlot:)`` for each value in whatever order the source has them, then ``finish()``.
///
/// An entry that grows over the limit loses the values of its largest slot, and of the next largest, until the rest fits. Such a slot is
/// unreadable: it has one value without bytes (``EntrySlots/isUnreadable(_:)``). The anchor is dropped only when it does not fit beside the
/// name, which counts and is never dropped.
public struct EntryBuilder: Sendable {
    private struct Value {
        var slot: Int
        var start: Int
        var end: Int
    }

    private let slotCount: Int
    /// The most bytes that the name and the values may take; a longer name is kept without any value.
    private let limit: Int
    /// The slots whose values could not be read, none most of the time.
    private var unreadable: Set<Int> = []
    private var scratch: [UInt8] = []
    private var values: [Value] = []
    private var dnEnd = 0

    /// - Parameter limit: The most bytes that the name and the values may take.
    public init(layout: AttributeLayout, limit: Int = .max) {
        slotCount = layout.count
        self.limit = limit
    }

    /// The bytes collected so far.
    public var byteCount: Int { scratch.count }

    /// Starts the next entry.
    public mutating func begin(dn: UnsafeBufferPointer<UInt8>) {
        scratch.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        if !unreadable.isEmpty { unreadable = [] }
        scratch.append(contentsOf: dn)
        dnEnd = scratch.count
    }

    /// Starts the next entry.
    public mutating func begin(dn: some Collection<UInt8>) {
        scratch.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        if !unreadable.isEmpty { unreadable = [] }
        scratch.append(contentsOf: dn)
        dnEnd = scratch.count
    }

    /// Adds a value. An empty value counts as absent; a slot outside the layout is ignored.
    public mutating func append(_ value: UnsafeBufferPointer<UInt8>, inSlot slot: Int) {
        guard slot >= 0, slot < slotCount, !value.isEmpty, hasRoom(for: value.count, inSlot: slot) else { return }
        let start = scratch.count
        scratch.append(contentsOf: value)
        values.append(Value(slot: slot, start: start, end: scratch.count))
    }

    /// Adds a value. An empty value counts as absent; a slot outside the layout is ignored.
    public mutating func append(_ value: some Collection<UInt8>, inSlot slot: Int) {
        guard slot >= 0, slot < slotCount, !value.isEmpty, hasRoom(for: value.count, inSlot: slot) else { return }
        let start = scratch.count
        scratch.append(contentsOf: value)
        values.append(Value(slot: slot, start: start, end: scratch.count))
    }

    /// Notes that a slot has a value which could not be read. Its other values are dropped, those that came and those that come.
    public mutating func markUnreadable(inSlot slot: Int) {
        guard slot >= 0, slot < slotCount, unreadable.insert(slot).inserted else { return }
        let count = values.count
        values.removeAll { $0.slot == slot }
        if values.count < count { compact() }
    }

    /// Makes room for a value; `false` when its own slot is unreadable.
    @inline(__always)
    private mutating func hasRoom(for count: Int, inSlot slot: Int) -> Bool {
        if scratch.count &+ count <= limit, unreadable.isEmpty { return true }
        return makeRoom(for: count, inSlot: slot)
    }

    @inline(never)
    private mutating func makeRoom(for count: Int, inSlot slot: Int) -> Bool {
        while true {
            if unreadable.contains(slot) { return false }
            if count <= limit - scratch.count { return true }
            var sizes = Array(repeating: 0, count: slotCount)
            for value in values { sizes[value.slot] += value.end - value.start }
            sizes[slot] = sizes[slot].addingReportingOverflow(count).partialValue
            sizes[AttributeLayout.anchorSlot] = 0
            guard let largest = sizes.max(), largest > 0, let place = sizes.firstIndex(of: largest) else {
                markUnreadable(inSlot: slot)
                return false
            }
            markUnreadable(inSlot: place)
        }
    }

    /// Gives back the bytes of values that were dropped.
    private mutating func compact() {
        var kept = Array(scratch[..<dnEnd])
        for index in values.indices {
            let start = kept.count
            kept.append(contentsOf: scratch[values[index].start..<values[index].end])
            values[index].start = start
            values[index].end = kept.count
        }
        scratch = kept
    }

    /// The entry: values sorted by slot and byte order, each value once.
    public mutating func finish() -> Entry {
        for slot in unreadable { values.append(Value(slot: slot, start: dnEnd, end: dnEnd)) }
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

    /// Sorts the values and drops repeats. Most entries have a dozen values, nearly in the order in which they were asked for, so that
    /// insertion is quickest.
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
