extension ScimFilter {
    /// Reads a filter from text (RFC 7644 section 3.4.2.2).
    ///
    /// White space is accepted wherever a space is, several in a row too, so that a long filter may be laid out in lines. `not` may
    /// stand directly before its parenthesis, as the RFC's grammar has it, or with a space, as its examples have it.
    ///
    /// - Throws: ``ScimSyntaxError`` with the place and what to write instead.
    public init(parsing text: String) throws(ScimSyntaxError) {
        var parser = try ScimParser(text)
        self = try parser.readWholeFilter()
    }
}

extension ScimParser {
    /// Reads a filter that goes to the end of the text.
    mutating func readWholeFilter() throws(ScimSyntaxError) -> ScimFilter {
        skipSpaces()
        if next == nil { throw failure("the filter is empty; write a comparison such as active eq true") }
        let filter = try readAlternatives(depth: 0, isWithinElement: false)
        switch next {
        case nil: return filter
        case UInt8(ascii: ")"), UInt8(ascii: "]"): throw unexpected("nothing is open here; remove it or add what opens it")
        default: throw unexpected("to combine comparisons write \"and\" or \"or\" between them")
        }
    }

    /// Reads a filter in brackets, the opening one being next.
    mutating func readBrackets(after names: Names, depth: Int) throws(ScimSyntaxError) -> ScimFilter {
        if names.subAttribute != nil {
            throw failure("brackets follow an attribute, not a sub-attribute; write them after its name, as in emails[type eq \"work\"]")
        }
        let depth = try open(depth)
        if skipSpaces(), next == nil { throw failure("the filter ends in the middle; a \"]\" is missing") }
        let filter = try readAlternatives(depth: depth, isWithinElement: true)
        guard next == UInt8(ascii: "]") else { throw unexpected("a \"]\" is missing") }
        index += 1
        return filter
    }

    /// Steps over a parenthesis or bracket and gives the depth inside it.
    private mutating func open(_ depth: Int) throws(ScimSyntaxError) -> Int {
        guard depth < ScimFilter.maximumDepth else {
            throw failure("the filter is nested more than \(ScimFilter.maximumDepth) deep; remove parentheses that are not needed")
        }
        index += 1
        return depth + 1
    }

    /// Reads parts with `or` between them, and the spaces after them.
    private mutating func readAlternatives(depth: Int, isWithinElement: Bool) throws(ScimSyntaxError) -> ScimFilter {
        var parts: [ScimFilter] = []
        repeat {
            let part = try readConjunction(depth: depth, isWithinElement: isWithinElement)
            if case .or(let inner) = part { parts += inner } else { parts.append(part) }
        } while take("or")
        return parts.count == 1 ? parts[0] : .or(parts)
    }

    /// Reads parts with `and` between them, and the spaces after them.
    private mutating func readConjunction(depth: Int, isWithinElement: Bool) throws(ScimSyntaxError) -> ScimFilter {
        var parts: [ScimFilter] = []
        repeat {
            let part = try readPart(depth: depth, isWithinElement: isWithinElement)
            skipSpaces()
            if case .and(let inner) = part { parts += inner } else { parts.append(part) }
        } while take("and")
        return parts.count == 1 ? parts[0] : .and(parts)
    }

    private mutating func readPart(depth: Int, isWithinElement: Bool) throws(ScimSyntaxError) -> ScimFilter {
        skipSpaces()
        let start = index
        let isNegated = take("not")
        if isNegated { skipSpaces() }
        guard next == UInt8(ascii: "(") else {
            if isNegated { throw failure("after \"not\" comes a filter in parentheses, as in not (title pr)", at: start) }
            return try readExpression(depth: depth, isWithinElement: isWithinElement)
        }
        let inner = try open(depth)
        let filter = try readAlternatives(depth: inner, isWithinElement: isWithinElement)
        guard next == UInt8(ascii: ")") else { throw unexpected("a \")\" is missing") }
        index += 1
        return isNegated ? .not(filter) : filter
    }

    /// Reads a comparison, a test for presence, or an attribute with brackets.
    private mutating func readExpression(depth: Int, isWithinElement: Bool) throws(ScimSyntaxError) -> ScimFilter {
        guard let byte = next, byte != UInt8(ascii: ")"), byte != UInt8(ascii: "]") else {
            throw unexpected("an attribute is missing, as in userName eq \"ada\"")
        }
        let names = try readNames()
        if next == UInt8(ascii: "[") {
            if isWithinElement { throw failure("brackets cannot stand in brackets; compare a sub-attribute such as value instead") }
            let filter = try readBrackets(after: names, depth: depth)
            if next == UInt8(ascii: ".") {
                throw unexpected("write the sub-attribute inside the brackets, as in emails[type eq \"work\" and value pr]")
            }
            return .element(names.path, filter)
        }
        guard skipSpaces(), next != nil else {
            throw unexpected("after an attribute come a space and an operator: eq ne co sw ew gt ge lt le or pr")
        }
        let start = index
        skipName()
        if ScimFolding.isWord(bytes[start..<index], "pr") {
            try checkEnd("after \"pr\" comes no value, only \"and\", \"or\" or the end")
            return .presence(names.path)
        }
        guard let relation = ScimOperator(rawValue: String(decoding: ScimFolding.name(bytes[start..<index]), as: UTF8.self)) else {
            throw failure(
                "\(quoted(start..<index) ?? "this") is not an operator; write one of eq ne co sw ew gt ge lt le pr", at: start)
        }
        guard skipSpaces(), next != nil else { throw unexpected("after the operator come a space and a value") }
        let place = index
        let literal = try readLiteral()
        try checkEnd("put a space after the value")
        guard
            let comparison = ScimComparison(path: names.path, relation: relation, literal: literal, isWithinElement: isWithinElement)
        else {
            throw failure(
                "\"\(relation.rawValue)\" cannot be used with \(quoted(place..<index) ?? "this value"); write eq or ne, or a text in quotes",
                at: place)
        }
        return .comparison(comparison)
    }

    /// Checks that an expression ends here: at a space, a closing parenthesis or bracket, or the end.
    private func checkEnd(_ message: String) throws(ScimSyntaxError) {
        guard let byte = next, !Self.isSpace(byte), byte != UInt8(ascii: ")"), byte != UInt8(ascii: "]") else { return }
        throw unexpected(message)
    }
}
