extension Filter {
    /// A comparison by a rule that the filter names, such as `(userAccountControl:1.2.840.113556.1.4.803:=2)`.
    ///
    /// RFC 4515 section 3, RFC 4511 section 4.5.1.7.7. At least one of ``attribute`` and ``rule`` is there.
    public struct ExtensibleMatch: Hashable, Sendable {
        /// The attribute whose values are compared, or `nil` for every attribute the rule fits.
        public let attribute: AttributeName?
        /// The name or object identifier of the rule, or `nil` for the attribute's own equality.
        public let rule: AttributeName?
        /// Whether the attributes in the entry's name are compared as well (`:dn`).
        public let dnAttributes: Bool
        /// What the values are compared with.
        public let value: AssertionValue

        let matching: MatchingRule

        /// Makes a comparison, or gives `nil` where neither an attribute nor a rule is given.
        public init?(attribute: AttributeName?, rule: AttributeName?, dnAttributes: Bool = false, value: AssertionValue) {
            guard attribute != nil || rule != nil else { return nil }
            self.attribute = attribute
            self.rule = rule
            self.dnAttributes = dnAttributes
            self.value = value
            matching = rule.map(MatchingRule.init) ?? .attributeDefault
        }
    }

    /// The matching rules an extensible filter can be evaluated with.
    enum MatchingRule: Hashable, Sendable {
        /// What equality of the attribute uses.
        case attributeDefault
        case caseIgnore
        case caseExact
        case distinguishedName
        /// All bits of the filter's number are set.
        case bitAnd
        /// Any bit of the filter's number is set.
        case bitOr
        /// A rule whose outcome is not known here.
        case unsupported

        /// Finds a rule by its name or object identifier (RFC 4517 section 4.2, [MS-ADTS] 3.1.1.3.4.4).
        init(_ name: AttributeName) {
            switch String(decoding: name.folded, as: UTF8.self) {
            case "caseignorematch", "2.5.13.2": self = .caseIgnore
            case "caseexactmatch", "2.5.13.5": self = .caseExact
            case "distinguishednamematch", "2.5.13.1": self = .distinguishedName
            case "1.2.840.113556.1.4.803": self = .bitAnd
            case "1.2.840.113556.1.4.804": self = .bitOr
            default: self = .unsupported
            }
        }
    }
}
