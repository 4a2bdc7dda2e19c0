extension AttributeName {
    /// How values of an attribute are compared when a filter names no matching rule.
    enum Syntax: Sendable {
        /// Text without regard to letter case and repeated spaces.
        case text
        /// Bytes, each of which counts.
        case binary
        /// Distinguished names.
        case distinguishedName
    }

    /// The syntax of the attribute, known by its name alone because no schema is read.
    ///
    /// The option `binary` (RFC 4522) makes any attribute binary.
    var syntax: Syntax {
        let base: ArraySlice<UInt8>
        if let end = folded.firstIndex(of: UInt8(ascii: ";")) {
            base = folded[..<end]
            if folded[end...].split(separator: UInt8(ascii: ";")).contains(where: { $0.elementsEqual("binary".utf8) }) { return .binary }
        } else {
            base = folded[...]
        }
        if Self.names(Self.distinguishedNames, include: base) { return .distinguishedName }
        if Self.names(Self.binaries, include: base) { return .binary }
        return .text
    }

    private static func names(_ names: [StaticString], include base: ArraySlice<UInt8>) -> Bool {
        for name in names where name.utf8CodeUnitCount == base.count {
            let isSame = name.withUTF8Buffer { $0.elementsEqual(base) }
            if isSame { return true }
        }
        return false
    }

    private static let distinguishedNames: [StaticString] = [
        "member", "uniquemember", "memberof", "manager", "owner", "seealso", "secretary", "entrydn", "ismemberof", "distinguishedname",
    ]

    private static let binaries: [StaticString] = [
        "objectguid", "objectsid", "sidhistory", "ms-ds-consistencyguid", "usercertificate", "cacertificate", "jpegphoto",
        "thumbnailphoto",
    ]
}
