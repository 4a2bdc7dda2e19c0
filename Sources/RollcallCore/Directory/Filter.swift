/// A search filter, such as `(&(objectClass=person)(!(employeeType=guest)))`.
///
/// Text form: RFC 4515. Meaning: RFC 4511 section 4.5.1.7. Filters are equal when they have the same shape, the same attributes and
/// the same value bytes; filters that merely mean the same are not.
public indirect enum Filter: Hashable, Sendable {
    /// Every part holds. `(&)`, which has none, always holds (RFC 4526).
    case and([Filter])
    /// At least one part holds. `(|)`, which has none, never holds (RFC 4526).
    case or([Filter])
    /// The part does not hold.
    case not(Filter)
    /// A value of the attribute equals the given one.
    case equality(AttributeName, AssertionValue)
    /// A value of the attribute has the given pieces in order.
    case substrings(AttributeName, SubstringPattern)
    /// A value of the attribute is the given one or comes after it.
    case greaterOrEqual(AttributeName, AssertionValue)
    /// A value of the attribute is the given one or comes before it.
    case lessOrEqual(AttributeName, AssertionValue)
    /// The attribute has a value.
    case presence(AttributeName)
    /// A value of the attribute is nearly the given one.
    case approximate(AttributeName, AssertionValue)
    /// A value matches by a rule that the filter names.
    case extensible(ExtensibleMatch)

    /// How deep filters may stand in each other in text; 1 is a filter without parts.
    public static let maximumDepth = 100

    /// The attributes the filter mentions, each once, in the order of first mention.
    public var attributes: [AttributeName] {
        var found: [AttributeName] = []
        var seen: Set<AttributeName> = []
        collectAttributes(into: &found, seen: &seen)
        return found
    }

    private func collectAttributes(into found: inout [AttributeName], seen: inout Set<AttributeName>) {
        switch self {
        case .and(let parts), .or(let parts):
            for part in parts { part.collectAttributes(into: &found, seen: &seen) }
        case .not(let part):
            part.collectAttributes(into: &found, seen: &seen)
        case .equality(let name, _), .substrings(let name, _), .greaterOrEqual(let name, _), .lessOrEqual(let name, _),
            .presence(let name), .approximate(let name, _):
            if seen.insert(name).inserted { found.append(name) }
        case .extensible(let match):
            if let name = match.attribute, seen.insert(name).inserted { found.append(name) }
        }
    }
}
