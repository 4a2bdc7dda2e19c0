extension ScimPath {
    /// Reads a path from text (RFC 7644 section 3.5.2).
    ///
    /// A URN ends at the last colon, so the dots of its version do not count. An attribute that an extension's URN is joined to by a
    /// dot, as in `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.department`, is told from a sub-attribute by the version
    /// before `User` or `Group`. A URN without an attribute is no path, and neither is empty text.
    ///
    /// - Throws: ``ScimSyntaxError`` with the place and what to write instead.
    public init(parsing text: String) throws(ScimSyntaxError) {
        var parser = try ScimParser(text)
        self = try parser.readWholePath()
    }
}

extension ScimParser {
    /// Reads a path that goes to the end of the text.
    mutating func readWholePath() throws(ScimSyntaxError) -> ScimPath {
        if bytes.isEmpty { throw failure("the path is empty; write an attribute such as userName or emails.value") }
        let names = try readNames()
        guard next == UInt8(ascii: "[") else {
            if next != nil { throw unexpected("a path has letters, digits, \"-\", \"_\" and \"$\" only, a \".\" and a filter in brackets") }
            return names.path
        }
        let filter = try readBrackets(after: names, depth: 0)
        var subAttribute: Range<Int>?
        if next == UInt8(ascii: ".") {
            let start = index + 1
            index = start
            skipName()
            subAttribute = try checkedName(
                start..<index, "after the \".\" comes the name of a sub-attribute, as in [type eq \"work\"].value")
        }
        if next != nil { throw unexpected("the path ends here; remove what follows") }
        return ScimPath(
            schema: names.schema, attribute: names.attribute, filter: filter, subAttribute: subAttribute.map { bytes[$0] })
    }

    /// The names of a path before any filter.
    struct Names {
        let schema: ArraySlice<UInt8>?
        let attribute: ArraySlice<UInt8>
        let subAttribute: ArraySlice<UInt8>?

        var path: ScimPath { ScimPath(schema: schema, attribute: attribute, subAttribute: subAttribute) }
    }

    /// Reads an attribute with the URN before it and the sub-attribute after it, where there are such.
    mutating func readNames() throws(ScimSyntaxError) -> Names {
        let start = index
        while let byte = next, Self.isNameByte(byte) || ".:~+%/@".utf8.contains(byte) { index += 1 }
        var schema: Range<Int>?
        var name = start..<index
        if let colon = bytes[name].lastIndex(of: UInt8(ascii: ":")) {
            schema = start..<colon
            name = (colon + 1)..<index
            try checkURN(start..<colon)
        }
        let dot = bytes[name].firstIndex(of: UInt8(ascii: "."))
        var attribute = name.lowerBound..<(dot ?? name.upperBound)
        var rest = dot.map { ($0 + 1)..<name.upperBound }
        if let urn = schema, namesResource(attribute), endsInVersion(urn) {
            guard let tail = rest else {
                throw failure(
                    "this names a whole schema; put \":\" and an attribute after it, as in ...:User:userName", at: name.lowerBound)
            }
            schema = urn.lowerBound..<attribute.upperBound
            let dot = bytes[tail].firstIndex(of: UInt8(ascii: "."))
            attribute = tail.lowerBound..<(dot ?? tail.upperBound)
            rest = dot.map { ($0 + 1)..<tail.upperBound }
        }
        attribute = try checkedName(attribute, "an attribute is missing here; write its name, such as userName")
        let subAttribute: Range<Int>?
        if let range = rest {
            if let dot = bytes[range].firstIndex(of: UInt8(ascii: ".")) {
                throw failure("a path goes down one level only, as in name.familyName; remove the second \".\"", at: dot)
            }
            subAttribute = try checkedName(range, "after the \".\" comes the name of a sub-attribute, as in name.familyName")
        } else {
            subAttribute = nil
        }
        return Names(
            schema: schema.map { bytes[$0] }, attribute: bytes[attribute], subAttribute: subAttribute.map { bytes[$0] })
    }

    /// Gives the range back when it is an attribute name: `$` or a letter, then letters, digits, `-`, `_` and `$` (RFC 7643 section 2.1).
    private func checkedName(_ range: Range<Int>, _ missing: String) throws(ScimSyntaxError) -> Range<Int> {
        guard let first = bytes[range].first else { throw failure(missing, at: range.lowerBound) }
        guard Self.isLetter(first) || first == UInt8(ascii: "$") else {
            throw failure("an attribute name begins with a letter", at: range.lowerBound)
        }
        if let other = bytes[range].firstIndex(where: { !Self.isNameByte($0) }) {
            throw failure("an attribute name has letters, digits, \"-\", \"_\" and \"$\" only", at: other)
        }
        return range
    }

    /// Checks that what stands before an attribute is a URN: `urn`, and one or more parts after it.
    private func checkURN(_ range: Range<Int>) throws(ScimSyntaxError) {
        let parts = bytes[range].split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard let scheme = parts.first, ScimFolding.isWord(scheme, "urn"), parts.count >= 2 else {
            throw failure(
                "before the \":\" of an attribute stands the URN of a schema, as in urn:ietf:params:scim:schemas:core:2.0:User:userName",
                at: range.lowerBound)
        }
        if let part = parts.first(where: \.isEmpty) {
            throw failure("a part of the URN is missing between two colons", at: part.startIndex)
        }
    }

    private func namesResource(_ range: Range<Int>) -> Bool {
        ScimFolding.isWord(bytes[range], "user") || ScimFolding.isWord(bytes[range], "group")
    }

    /// Whether the last part of a URN is a version such as `2.0`.
    private func endsInVersion(_ range: Range<Int>) -> Bool {
        let last = bytes[range].suffix(while: { $0 != UInt8(ascii: ":") })
        return last.contains(UInt8(ascii: "."))
            && last.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
                .allSatisfy { !$0.isEmpty && $0.allSatisfy(AttributeName.isDigit) }
    }
}

extension ArraySlice where Element == UInt8 {
    /// The longest end whose bytes all pass.
    fileprivate func suffix(while passes: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        var start = endIndex
        while start > startIndex, passes(self[start - 1]) { start -= 1 }
        return self[start...]
    }
}
