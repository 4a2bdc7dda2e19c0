/// The name of a directory entry, such as `uid=anna,ou=People,dc=example,dc=com`.
///
/// Text is read by RFC 4514 and, for old data, RFC 2253: `;` as a separator, spaces round separators, and values in quotes. Without
/// a schema every value is compared as text without regard to letter case and repeated spaces, and the components of one level are
/// compared in any order. A naming attribute may be written by its short name, its long name or its object identifier.
public struct DistinguishedName: Sendable {
    /// The levels, the entry's own first. Empty for the root of the tree.
    public let rdns: [RelativeName]

    /// The comparison form: two names are equal exactly when these bytes are.
    ///
    /// It is itself a name that can be read. Special characters in it are always written as `\hh`, so that every `,` byte separates
    /// two levels and the bytes after one are the comparison form of a parent.
    public let normalized: [UInt8]

    /// The root of the tree, whose text is empty.
    public static let root = DistinguishedName([])

    /// Makes a name of levels, the entry's own first.
    public init(_ rdns: [RelativeName]) {
        self.init(rdns: rdns, normalized: Self.comparisonForm(of: rdns))
    }

    init(rdns: [RelativeName], normalized: [UInt8]) {
        self.rdns = rdns
        self.normalized = normalized
    }

    /// Reads a name from text.
    ///
    /// - Throws: ``DistinguishedNameError`` with the place and the reason.
    public init(parsing text: String) throws(DistinguishedNameError) {
        try self.init(parsing: Array(text.utf8)[...])
    }

    /// Reads a name from the bytes of its text.
    ///
    /// - Throws: ``DistinguishedNameError`` with the place, counted from the start of the slice, and the reason.
    public init(parsing bytes: ArraySlice<UInt8>) throws(DistinguishedNameError) {
        var parser = Parser(bytes)
        self.init(try parser.readName())
    }

    /// The name one level up, or `nil` for the root.
    public var parent: DistinguishedName? {
        guard !rdns.isEmpty else { return nil }
        let rest = normalized.drop { $0 != UInt8(ascii: ",") }.dropFirst()
        return DistinguishedName(rdns: Array(rdns.dropFirst()), normalized: Array(rest))
    }

    /// Whether the entry is below another one, at any depth. An entry is not below itself.
    public func isDescendant(of other: DistinguishedName) -> Bool {
        let suffix = other.normalized
        if suffix.isEmpty { return !normalized.isEmpty }
        let rest = normalized.count - suffix.count
        return rest > 0 && normalized[rest - 1] == UInt8(ascii: ",") && normalized[rest...].elementsEqual(suffix)
    }

    /// Whether the values are the same byte for byte, not only equal when compared as text.
    ///
    /// Types are still compared without regard to letter case, and the components of a level in any order.
    public func isIdentical(to other: DistinguishedName) -> Bool {
        rdns.count == other.rdns.count && zip(rdns, other.rdns).allSatisfy { $0.sortedParts == $1.sortedParts }
    }
}

extension DistinguishedName: Hashable, CustomStringConvertible {
    public static func == (left: DistinguishedName, right: DistinguishedName) -> Bool {
        left.normalized == right.normalized
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(normalized)
    }

    /// The name as RFC 4514 text: levels joined by `,`, letter case as read, escapes only where needed.
    public var description: String {
        var out: [UInt8] = []
        for rdn in rdns {
            if !out.isEmpty { out.append(UInt8(ascii: ",")) }
            rdn.appendText(to: &out)
        }
        return String(decoding: out, as: UTF8.self)
    }
}
