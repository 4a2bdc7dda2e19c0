extension Anchor {
    /// Whether an id that a person wrote means `found`, an id as a source gave it.
    ///
    /// | written | found |
    /// | --- | --- |
    /// | the bytes themselves | the same |
    /// | a UUID or an nsUniqueId | the same text, whatever its letter case |
    /// | a UUID | the sixteen octets that it stands for: in the order of `objectGUID` of Active Directory, or as they are written |
    public func means(_ found: Anchor) -> Bool {
        if self == found { return true }
        guard Anchor.isForm(bytes) else { return false }
        if found.bytes.count == bytes.count {
            return zip(bytes, found.bytes).allSatisfy { AttributeName.lowercased($0) == AttributeName.lowercased($1) }
        }
        guard found.bytes.count == 16, bytes.count == 36 else { return false }
        return ObjectGUID(text: bytes)?.bytes == found.bytes || EntryUUID(text: bytes)?.bytes == found.bytes
    }

    /// The lengths of the groups of digits in a UUID (RFC 4122) and in an nsUniqueId, by the length of the whole.
    private static let formLengths = [36: [8, 4, 4, 4, 12], 35: [8, 8, 8, 8]]

    /// Whether a text is a UUID (RFC 4122) or an nsUniqueId by its form, which no group is named like.
    public static func isForm(_ bytes: some Collection<UInt8>) -> Bool {
        guard let lengths = formLengths[bytes.count] else { return false }
        let groups = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return groups.map(\.count) == lengths && groups.allSatisfy { $0.allSatisfy { HexText.value($0) != nil } }
    }
}
