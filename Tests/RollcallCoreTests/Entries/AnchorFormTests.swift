import Testing

@testable import RollcallCore

@Suite("An id as a person writes it")
struct AnchorFormTests {
    private static let octets: [UInt8] = [
        0xDA, 0x99, 0x54, 0xBF, 0x94, 0xFE, 0x69, 0x4E, 0x82, 0x7F, 0xB7, 0xD7, 0xE6, 0xAD, 0xEE, 0x11,
    ]

    @Test("means the id that the server gives as text, in any letter case, or as octets")
    func forms() {
        func means(_ written: String, _ found: [UInt8]) -> Bool { Anchor(written.utf8).means(Anchor(found)) }
        let guid = "bf5499da-fe94-4e69-827f-b7d7e6adee11"
        #expect(means(guid, Self.octets), "objectGUID of Active Directory")
        #expect(means(guid.uppercased(), Self.octets))
        #expect(means("da9954bf-94fe-694e-827f-b7d7e6adee11", Self.octets), "the octets in the order written")
        #expect(means(guid, Array(guid.uppercased().utf8)) && means(guid, Array(guid.utf8)), "entryUUID")
        #expect(means("0a0b0c0d-1a1b1c1d-2a2b2c2d-3a3b3c3d", Array("0A0B0C0D-1A1B1C1D-2A2B2C2D-3A3B3C3D".utf8)), "nsUniqueId")
        #expect(!means(guid, Array(Self.octets.reversed())) && !means("bf5499da-fe94-4e69-827f-b7d7e6adee12", Self.octets))
        #expect(!means("Engineering", Array("engineering".utf8)), "a name is compared as it is")
        #expect(!means("zf5499da-fe94-4e69-827f-b7d7e6adee11", Array("ZF5499DA-fe94-4e69-827f-b7d7e6adee11".utf8)))
        #expect(!means("", Self.octets) && means("x", Array("x".utf8)))
    }

    @Test("is looked up as text, as the digits of octets and as the octets of a GUID")
    func described() {
        #expect(Anchor.described(as: "bf5499da-fe94-4e69-827f-b7d7e6adee11").contains(Anchor(Self.octets)))
        #expect(Anchor.described(as: "0xda9954bf94fe694e827fb7d7e6adee11").contains(Anchor(Self.octets)))
        #expect(Anchor.described(as: "ann") == [Anchor("ann".utf8)])
    }
}
