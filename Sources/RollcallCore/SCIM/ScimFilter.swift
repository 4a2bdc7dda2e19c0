/// A SCIM filter, such as `userType eq "Employee" and not (emails co "example.org")`.
///
/// Text form and meaning: RFC 7644 section 3.4.2.2. Filters are equal when they have the same shape, the same paths and the same
/// literals; filters that merely mean the same are not.
public indirect enum ScimFilter: Hashable, Sendable {
    /// Every part holds; two parts or more.
    case and([ScimFilter])
    /// At least one part holds; two parts or more.
    case or([ScimFilter])
    /// The part does not hold.
    case not(ScimFilter)
    /// A value of the attribute is related to the literal.
    case comparison(ScimComparison)
    /// The attribute has a value that is not empty.
    case presence(ScimPath)
    /// One value of the attribute passes the whole filter, whose paths begin at that value.
    case element(ScimPath, ScimFilter)

    /// How deep parentheses and brackets may stand in each other in text.
    public static let maximumDepth = 50

    /// The attributes that the filter reads, each once, in the order of first mention.
    ///
    /// For a filter in brackets this is the attribute before them, without the brackets.
    public var paths: [ScimPath] {
        var found: [ScimPath] = []
        var seen: Set<ScimPath> = []
        collectPaths(into: &found, seen: &seen)
        return found
    }

    private func collectPaths(into found: inout [ScimPath], seen: inout Set<ScimPath>) {
        switch self {
        case .and(let parts), .or(let parts):
            for part in parts { part.collectPaths(into: &found, seen: &seen) }
        case .not(let part):
            part.collectPaths(into: &found, seen: &seen)
        case .comparison(let comparison):
            if seen.insert(comparison.path).inserted { found.append(comparison.path) }
        case .presence(let path), .element(let path, _):
            if seen.insert(path).inserted { found.append(path) }
        }
    }
}
