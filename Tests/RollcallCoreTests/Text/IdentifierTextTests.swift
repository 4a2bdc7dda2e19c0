import Testing

@testable import RollcallCore

@Suite("Identifiers of directories are read and written")
struct IdentifierTextTests {
    static func octets(_ hex: String) -> [UInt8] {
        let digits = hex.utf8.compactMap(HexText.value)
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    static let malformed = [
        "", "300edd3d", "300edd3d-0c8f-484c-aad2-60481bcb60d", "300edd3d-0c8f-484c-aad2-60481bcb60d80",
        "300edd3d00c8f-484c-aad2-60481bcb60d8",
        "{00edd3d-0c8f-484c-aad2-60481bcb60d}", "300edd3g-0c8f-484c-aad2-60481bcb60d8", "300edd3d-0c8f-484c-aad2-60481bcb60-8",
    ]

    @Test("D1: the first three fields of an objectGUID are swapped")
    func objectGUID() throws {
        let stored = Self.octets("3ddd0e308f0c4c48aad260481bcb60d8")
        let guid = try #require(ObjectGUID(bytes: stored))
        #expect(guid.description == "300edd3d-0c8f-484c-aad2-60481bcb60d8")
        #expect(ObjectGUID(text: Array("300EDD3D-0C8F-484C-AAD2-60481BCB60D8".utf8)) == guid)
        #expect(ObjectGUID(text: Array(guid.description.utf8))?.bytes == stored)
    }

    @Test("An entryUUID is kept in the order written")
    func entryUUID() throws {
        let uuid = try #require(EntryUUID(text: Array("597AE2F6-16A6-1027-98F4-D28B5365DC14".utf8)))
        #expect(uuid.bytes == Self.octets("597ae2f616a6102798f4d28b5365dc14"))
        #expect(uuid.description == "597ae2f6-16a6-1027-98f4-d28b5365dc14")
        #expect(EntryUUID(bytes: uuid.bytes) == uuid)
    }

    @Test("Malformed identifiers are refused", arguments: malformed)
    func refusal(text: String) {
        #expect(ObjectGUID(text: Array(text.utf8)) == nil)
        #expect(EntryUUID(text: Array(text.utf8)) == nil)
    }

    @Test("Identifiers of another length are refused", arguments: [0, 1, 15, 17])
    func lengths(count: Int) {
        #expect(ObjectGUID(bytes: [UInt8](repeating: 1, count: count)) == nil)
        #expect(EntryUUID(bytes: [UInt8](repeating: 1, count: count)) == nil)
    }

    static let identifiers: [(String, String)] = [
        ("010500000000000515000000d578a73efb47acd409888864650c0000", "S-1-5-21-1051162837-3568060411-1686669321-3173"),
        ("010500000000000515000000d578a73efb47acd409888864e8030000", "S-1-5-21-1051162837-3568060411-1686669321-1000"),
        ("010100000000000100000000", "S-1-1-0"), ("0100000000000005", "S-1-5"), ("010100ffffffffff01000000", "S-1-0x00FFFFFFFFFF-1"),
    ]

    @Test("Security identifiers are read and written", arguments: identifiers)
    func securityIdentifier(hex: String, text: String) throws {
        let identifier = try #require(SecurityIdentifier(bytes: Self.octets(hex)))
        #expect(identifier.description == text)
        #expect(identifier.bytes == Self.octets(hex))
    }

    @Test("The primary group has the user's domain", arguments: [UInt32(513)])
    func primaryGroup(relative: UInt32) throws {
        let user = try #require(SecurityIdentifier(bytes: Self.octets(Self.identifiers[0].0)))
        #expect(user.replacingRelativeIdentifier(with: relative)?.description == "S-1-5-21-1051162837-3568060411-1686669321-513")
        #expect(SecurityIdentifier(bytes: [1, 0, 0, 0, 0, 0, 0, 5])?.replacingRelativeIdentifier(with: relative) == nil)
    }

    @Test(
        "Malformed security identifiers are refused",
        arguments: ["", "01", "0101000000000005", "0201000000000005ffffffff", "01010000000000051500000000", "0110000000000005"])
    func badSecurityIdentifier(hex: String) {
        #expect(SecurityIdentifier(bytes: Self.octets(hex)) == nil)
    }

    @Test("Random bytes never trap")
    func random() {
        var generator = TextTestGenerator(seed: 0x51D)
        for _ in 0..<5_000 {
            let bytes = generator.bytes(upTo: 40)
            if let identifier = SecurityIdentifier(bytes: bytes) { #expect(identifier.bytes == bytes) }
            _ = ObjectGUID(text: bytes)
        }
    }
}
