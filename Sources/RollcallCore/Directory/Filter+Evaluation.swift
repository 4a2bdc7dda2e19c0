extension Filter {
    /// Whether the filter holds for an entry, as far as it is known (RFC 4511 section 4.5.1.7).
    ///
    /// An attribute the entry does not have makes a comparison fail; an attribute nobody has read leaves it unknown. Attributes of
    /// names (`member`, `manager` and the like) are compared as distinguished names, known binary ones byte for byte, all others as
    /// text without regard to letter case and repeated spaces.
    public func evaluate(on subject: some FilterSubject) -> Truth {
        switch self {
        case .and(let parts):
            var result = Truth.yes
            for part in parts {
                result = result.and(part.evaluate(on: subject))
                if result == .no { return .no }
            }
            return result
        case .or(let parts):
            var result = Truth.no
            for part in parts {
                result = result.or(part.evaluate(on: subject))
                if result == .yes { return .yes }
            }
            return result
        case .not(let part):
            return part.evaluate(on: subject).negated
        case .presence(let name):
            switch subject.reading(of: name) {
            case .unknown: return .unknown
            case .values(let values): return Truth(!values.isEmpty)
            case .some: return .yes
            }
        case .equality(let name, let value):
            return subject.reading(of: name).anyValue(value.equality(name.syntax))
        case .substrings(let name, let pattern):
            let isBinary = name.syntax == .binary
            return subject.reading(of: name).anyValue { Truth(isBinary ? pattern.matchesExactly($0) : pattern.matches($0)) }
        case .greaterOrEqual(let name, let value):
            return subject.reading(of: name).anyValue { FilterOrder.compare($0, with: value, by: >=) }
        case .lessOrEqual(let name, let value):
            return subject.reading(of: name).anyValue { FilterOrder.compare($0, with: value, by: <=) }
        case .approximate(let name, let value):
            let sound = AssertionValue.approximation(value.folded)
            return subject.reading(of: name).anyValue { candidate in
                let folded = CaseIgnoreFolding.folded(candidate)
                return Truth(sound.isEmpty ? folded == value.folded : AssertionValue.approximation(folded) == sound)
            }
        case .extensible(let match):
            return match.evaluate(on: subject)
        }
    }
}

extension Filter.ExtensibleMatch {
    /// Whether a value of the attribute, or with `:dn` of the entry's name, matches.
    ///
    /// Without an attribute the values of the entry cannot be listed, so only a match in the name is certain. A name that is not known
    /// leaves open what it holds.
    func evaluate(on subject: some FilterSubject) -> Truth {
        guard matching != .unsupported else { return .unknown }
        let matches = comparison(for: attribute?.syntax ?? .text)
        var result = Truth.unknown
        if let attribute { result = subject.reading(of: attribute).anyValue(matches) }
        guard dnAttributes, result != .yes else { return result }
        guard let name = subject.distinguishedName else { return .unknown }
        let type = attribute?.foldedShortName
        for rdn in name.rdns {
            for component in rdn.components where type == nil || component.type.foldedShortName == type {
                result = result.or(matches(component.value[...]))
            }
        }
        return result
    }

    private func comparison(for syntax: AttributeName.Syntax) -> (ArraySlice<UInt8>) -> Truth {
        switch matching {
        case .attributeDefault: value.equality(syntax)
        case .caseIgnore: value.equality(.text)
        case .distinguishedName: value.equality(.distinguishedName)
        case .caseExact: value.equality(.binary)
        case .bitAnd: { candidate in bits(candidate) { $0 & $1 == $1 } }
        case .bitOr: { candidate in bits(candidate) { $0 & $1 != 0 } }
        case .unsupported: { _ in .unknown }
        }
    }

    private func bits(_ candidate: ArraySlice<UInt8>, _ holds: (UInt64, UInt64) -> Bool) -> Truth {
        guard let wanted = value.integer, let number = FilterInteger(candidate), let (left, right) = FilterInteger.bits(number, wanted)
        else { return .unknown }
        return Truth(holds(left, right))
    }
}

extension Filter.AssertionValue {
    /// A test for equality in a syntax.
    ///
    /// A value to compare with that is not a distinguished name where one is needed leaves the outcome unknown; a stored value that is
    /// none equals no name.
    func equality(_ syntax: AttributeName.Syntax) -> (ArraySlice<UInt8>) -> Truth {
        switch syntax {
        case .text:
            return { Truth(CaseIgnoreFolding.isEqual($0, toFolded: folded)) }
        case .binary:
            return { Truth($0.elementsEqual(bytes)) }
        case .distinguishedName:
            guard let normalizedName else { return { _ in .unknown } }
            var buffer: [UInt8] = []
            return { Truth(DistinguishedName.normalize($0, into: &buffer) && buffer == normalizedName) }
        }
    }

    /// Folded text without punctuation and spaces.
    static func approximation(_ folded: [UInt8]) -> [UInt8] {
        folded.filter { $0 >= 0x80 || $0 &- UInt8(ascii: "a") < 26 || AttributeName.isDigit($0) }
    }
}

extension AttributeReading {
    /// Whether at least one value passes a test.
    func anyValue(_ test: (ArraySlice<UInt8>) -> Truth) -> Truth {
        let values: [ArraySlice<UInt8>]
        var result = Truth.no
        switch self {
        case .unknown: return .unknown
        case .values(let all): values = all
        case .some(let readable):
            values = readable
            result = .unknown
        }
        for value in values {
            result = result.or(test(value))
            if result == .yes { return .yes }
        }
        return result
    }
}
