/// The unchanging identifier of an LDAP entry, `entryUUID` (RFC 4530), which is text in LDAP and sixteen octets here.
public struct EntryUUID: Hashable, Sendable {
    /// Sixteen octets in the order in which they are written.
    public let bytes: [UInt8]

    /// Takes exactly sixteen octets; otherwise `nil`.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Reads `8-4-4-4-12` hexadecimal digits of either case (RFC 4122, section 3), or returns `nil`.
    public init?(text: [UInt8]) {
        guard let octets = HexText.octets(ofUUID: text) else { return nil }
        bytes = octets
    }
}

extension EntryUUID: CustomStringConvertible {
    /// The identifier in lower case, as RFC 4122 wants it written.
    public var description: String { HexText.uuid(bytes) }
}
