/// How an attribute is compared with a literal (RFC 7644 section 3.4.2.2, table 3). `pr` compares with nothing and is not among them.
public enum ScimOperator: String, CaseIterable, Hashable, Sendable {
    case equal = "eq"
    case notEqual = "ne"
    case contains = "co"
    case startsWith = "sw"
    case endsWith = "ew"
    case greater = "gt"
    case greaterOrEqual = "ge"
    case less = "lt"
    case lessOrEqual = "le"

    /// Whether the operator can be used with a literal: ordering wants text or a number, `co`, `sw` and `ew` want text.
    func suits(_ literal: ScimLiteral) -> Bool {
        switch (self, literal) {
        case (.equal, _), (.notEqual, _), (_, .string): true
        case (.contains, _), (.startsWith, _), (.endsWith, _): false
        case (_, .number): true
        case (_, .null), (_, .boolean): false
        }
    }

    /// Whether two values, of which the first is so related to the second, pass; always `false` for `co`, `sw` and `ew`.
    @inline(__always)
    func accepts(isLess: Bool, isEqual: Bool) -> Bool {
        switch self {
        case .equal: isEqual
        case .notEqual: !isEqual
        case .greater: !isLess && !isEqual
        case .greaterOrEqual: !isLess
        case .less: isLess
        case .lessOrEqual: isLess || isEqual
        case .contains, .startsWith, .endsWith: false
        }
    }
}
