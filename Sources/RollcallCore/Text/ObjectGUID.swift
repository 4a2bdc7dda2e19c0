/// The unchanging identifier of an Active Directory object, `objectGUID`.
///
/// The directory keeps it as sixteen octets of which the first three fields (four, two and two octets) are little-endian, so the
/// text shows those octets in another order. Filters match the octets as they are kept.
public struct ObjectGUID: Hashable, Sendable {
    /// Sixteen octets in the order in which the directory keeps them.
    public let bytes: [UInt8]

    /// Takes exactly sixteen octets as the directory sends them; otherwise `nil`.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Reads `8-4-4-4-12` hexadecimal digits of either case, or returns `nil`.
    public init?(text: [UInt8]) {
        guard let octets = HexText.octets(ofUUID: text) else { return nil }
        bytes = ObjectGUID.swapped(octets)
    }

    /// The octets in the order of the other form; swapping twice changes nothing.
    private static func swapped(_ octets: [UInt8]) -> [UInt8] {
        [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map { octets[$0] }
    }
}

extension ObjectGUID: CustomStringConvertible {
    /// The identifier in lower case, without braces.
    public var description: String { HexText.uuid(ObjectGUID.swapped(bytes)) }
}
