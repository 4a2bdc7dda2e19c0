import Testing

@testable import RollcallCore

@Suite("Building entries")
struct EntryBuilderTests {
    private static let layout = AttributeLayout(
        anchor: AttributeName(known: "entryUUID"),
        others: [AttributeName(known: "uid"), AttributeName(known: "mail"), AttributeName(known: "sn")])

    private func entry(_ values: [(Int, [UInt8])], dn: String = "uid=ann") -> Entry {
        var builder = EntryBuilder(layout: EntryBuilderTests.layout)
        builder.begin(dn: Array(dn.utf8))
        for (slot, value) in values { builder.append(value, inSlot: slot) }
        return builder.finish()
    }

    @Test("the image is the same whatever the order of the values, few or many", arguments: [12, 300])
    func order(count: Int) {
        var random = DirectoryTestRandom(seed: 5)
        let values: [(Int, [UInt8])] = (0..<count).map { number in
            (number % 4, (0..<1 + number % 5).map { UInt8(truncatingIfNeeded: number * 7 + $0) })
        }
        let first = entry(values)
        for _ in 0..<50 {
            let other = entry(values.shuffled(using: &random))
            #expect(other == first && other.digest == first.digest)
        }
        #expect(entry(values + values) == first, "a value twice is one value")
    }

    @Test("values come back in byte order, slot by slot")
    func values() {
        let built = entry([(2, [9]), (0, [1]), (2, [8, 1]), (2, [8]), (3, []), (9, [1]), (-1, [1])], dn: "uid=ann,ou=x")
        #expect(String(decoding: built.dn, as: UTF8.self) == "uid=ann,ou=x")
        #expect(built.anchor == Anchor([1]))
        #expect(built.values(inSlot: 2).map { Array($0) } == [[8], [8, 1], [9]])
        #expect(
            built.values(inSlot: 1).isEmpty && built.values(inSlot: 3).isEmpty && built.values(inSlot: 4).isEmpty
                && built.values(inSlot: -1).isEmpty)
        #expect(built.presence == 0b101)
        #expect(entry([]).anchor == nil && entry([]).presence == 0)
    }

    @Test("content tells: DN, slot, value and where one ends")
    func content() {
        let images = [
            entry([(1, [1, 2])]), entry([(1, [1]), (1, [2])]), entry([(2, [1, 2])]), entry([(1, [1, 2])], dn: "uid=bob"), entry([]),
            entry([(0, [1, 2])]),
        ]
        #expect(Set(images).count == images.count && Set(images.map(\.digest)).count == images.count)
    }

    @Test("an entry over the limit loses its largest attribute, whatever the order of the values, and no other one")
    func limit() {
        let big = [UInt8](repeating: 0x78, count: 1000)
        let values: [(Int, [UInt8])] = [(0, [1]), (1, Array("ann".utf8)), (2, big), (3, Array("Ann".utf8)), (2, Array("a@x".utf8))]
        var random = DirectoryTestRandom(seed: 7)
        for _ in 0..<50 {
            var builder = EntryBuilder(layout: EntryBuilderTests.layout, limit: 900)
            builder.begin(dn: Array("uid=ann".utf8))
            for (slot, value) in values.shuffled(using: &random) { builder.append(value, inSlot: slot) }
            let slots = builder.finish().slots
            #expect((0..<4).map(slots.isUnreadable) == [false, false, true, false])
            #expect(slots[1] == [Array("ann".utf8)[...]] && slots[3] == [Array("Ann".utf8)[...]] && slots.anchor == Anchor([1]))
            #expect(slots.presence == 0b1111, "what cannot be read is there")
        }
    }

    @Test("an attribute just below the limit does not make a small one that comes later unreadable")
    func crowding() {
        var builder = EntryBuilder(layout: EntryBuilderTests.layout, limit: 1000)
        builder.begin(dn: Array("uid=ann".utf8))
        builder.append([1], inSlot: 0)
        builder.append([UInt8](repeating: 0x78, count: 985), inSlot: 3)
        builder.append(Array("locked since yesterday".utf8), inSlot: 1)
        let slots = builder.finish().slots
        #expect(slots.isUnreadable(3) && !slots.isUnreadable(1) && slots.count(1) == 1)
        // Many small values of one attribute are dropped at once.
        builder.begin(dn: Array("uid=bob".utf8))
        for number in 0..<100_000 { builder.append(Array("\(number)".utf8), inSlot: 2) }
        builder.append(Array("bob".utf8), inSlot: 1)
        let bob = builder.finish().slots
        #expect(bob.isUnreadable(2) && bob.count(2) == 1 && bob[1] == [Array("bob".utf8)[...]])
    }

    @Test("what several records say alike is theirs, and an attribute in which they differ is unreadable")
    func agreement() {
        let first = entry([(0, [1]), (1, Array("ann".utf8)), (2, Array("a@x".utf8))])
        let second = entry([(0, [1]), (1, Array("ann".utf8)), (2, Array("b@x".utf8)), (3, [7])], dn: "uid=bob")
        let slots = Entry.agreement(of: [first, second], layout: EntryBuilderTests.layout).slots
        #expect(slots.anchor == Anchor([1]) && slots[1] == [Array("ann".utf8)[...]])
        #expect(slots.isUnreadable(2) && slots.isUnreadable(3) && !slots.isUnreadable(1))
        #expect(slots.dn.isEmpty, "the records have two names")
        #expect(Entry.agreement(of: [first, first], layout: EntryBuilderTests.layout) == first)
    }

    @Test("a builder is used again without a trace")
    func again() {
        var builder = EntryBuilder(layout: EntryBuilderTests.layout)
        builder.begin(dn: Array("uid=bob".utf8))
        builder.append([1, 2, 3], inSlot: 1)
        #expect(builder.byteCount == 10)
        _ = builder.finish()
        builder.begin(dn: Array("uid=ann".utf8))
        #expect(builder.finish() == entry([]))
    }

    @Test("an image of whatever bytes is read to an end without a trap")
    func damaged() {
        var random = DirectoryTestRandom(seed: 9)
        let whole = entry([(0, [1]), (1, Array(repeating: 7, count: 200)), (2, [1]), (2, [2])]).image
        for round in 0..<3000 {
            var image = whole
            if round % 3 == 0 {
                image = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            }
            for _ in 0..<Int.random(in: 0...4, using: &random) where !image.isEmpty {
                image[Int.random(in: 0..<image.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let entry = Entry(image: Array(image.prefix(Int.random(in: 0...image.count, using: &random))))
            _ = (entry.dn, entry.anchor, entry.presence, entry.digest)
            for slot in 0..<5 { _ = entry.values(inSlot: slot) }
        }
    }

    @Test("a count beyond the end of the image does not loop")
    func hugeCounts() {
        let huge: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]
        for image in [[0] + huge, [0] + huge + [1, 1], huge, [0, 1] + huge, [0, 0] + huge + huge] {
            let entry = Entry(image: image)
            _ = (entry.presence, entry.anchor, entry.values(inSlot: 0), entry.values(inSlot: 1), entry.values(inSlot: 63))
        }
    }
}
