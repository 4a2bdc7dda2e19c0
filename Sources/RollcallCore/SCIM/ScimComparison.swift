/// A comparison of an attribute with a literal, such as `userType eq "Employee"`, made ready to be evaluated often.
///
/// It never changes; being an object, it is not copied part by part each time it is evaluated.
public final class ScimComparison: Hashable, Sendable {
    /// The attribute that is compared; without a filter of its own.
    public let path: ScimPath
    public let relation: ScimOperator
    public let literal: ScimLiteral

    private let test: Test

    private enum Test: Sendable {
        case null
        case boolean(Bool)
        case number(ScimNumber.Value)
        case text(ScimTextTest)
    }

    /// Takes the parts, or gives `nil` where the operator cannot be used with the literal or the path has a filter.
    ///
    /// - Parameter isWithinElement: Whether the comparison stands in brackets, so that `id` and `externalId` are not those of the
    ///   resource, in which case counts.
    public init?(path: ScimPath, relation: ScimOperator, literal: ScimLiteral, isWithinElement: Bool = false) {
        guard relation.suits(literal), path.filter == nil else { return nil }
        self.path = path
        self.relation = relation
        self.literal = literal
        switch literal {
        case .null: test = .null
        case .boolean(let value): test = .boolean(value)
        case .number(let number): test = .number(number.value)
        case .string(let bytes):
            test = .text(ScimTextTest(bytes, relation: relation, isCaseExact: !isWithinElement && path.isIdentifier))
        }
    }

    public static func == (left: ScimComparison, right: ScimComparison) -> Bool {
        left.path == right.path && left.relation == right.relation && left.literal == right.literal
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(path)
        hasher.combine(relation)
        hasher.combine(literal)
    }

    /// Whether a string, number or boolean passes; `unknown` where it cannot be compared with the literal.
    func accepts(_ value: some ScimValue, tolerances: inout ScimTolerances) -> Truth {
        if value.isFlawed { return .unknown }
        switch (test, value.kind) {
        case (.null, _):
            return Truth(relation == .notEqual)
        case (.boolean(let wanted), _):
            guard let value = value.boolean(noting: &tolerances) else { return .unknown }
            return Truth(relation.accepts(isLess: false, isEqual: value == wanted))
        case (.number(let wanted), .number), (.number(let wanted), .string):
            guard let number = value.withText(ScimNumber.Value.init) else { return .unknown }
            if value.kind == .string { tolerances.insert(.numberAsText) }
            return Truth(number.compares(to: wanted, by: relation))
        case (.text(let wanted), .string):
            return Truth(value.withText { wanted.accepts($0, by: relation) })
        case (.text(let wanted), .number):
            tolerances.insert(.numberAsText)
            return Truth(value.withText { wanted.accepts($0, by: relation) })
        case (.text(let wanted), .boolean(let value)):
            guard let wanted = wanted.boolean, relation == .equal || relation == .notEqual else { return .unknown }
            tolerances.insert(.booleanAsText)
            return Truth(relation.accepts(isLess: false, isEqual: value == wanted))
        default:
            return .unknown
        }
    }
}
