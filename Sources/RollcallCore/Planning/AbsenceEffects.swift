/// What may follow from the absence of attributes that entries had before: what the guard `attribute_gone` doubts, and so remembers.
///
/// It is told by what the rules read, not by the values of each entry: a reactivation counts when some status rule reads one of the
/// attributes, whichever rule the user's status came from before.
public struct AbsenceEffects: Hashable, Sendable {
    /// The fields that read one of the attributes.
    private var fields: Set<UserField> = []
    /// Those among them that take their value from elsewhere when it is absent.
    private var fallingBack: Set<UserField> = []
    /// The numbers of the status rules that read one, the first being 1.
    private var statusRules: Set<Int> = []
    /// Whether a filter of `ignore` reads one.
    private var readsIgnored = false

    /// - Parameter gone: the names of the attributes.
    public init(of gone: [Text], in rules: RuleSettings) {
        let gone = Set(gone.compactMap { AttributeName(bytes: $0.utf8) })
        if gone.isEmpty { return }
        for (field, source) in rules.attributes.sources where !gone.isDisjoint(with: source.attributes) {
            fields.insert(field)
            if source.alternatives.count > 1 { fallingBack.insert(field) }
        }
        statusRules = Set(rules.status.indices.filter { !gone.isDisjoint(with: rules.status[$0].attributes) }.map { $0 + 1 })
        readsIgnored = rules.ignore.contains { !gone.isDisjoint(with: $0.attributes) }
    }

    /// Whether `change` may come from the absence alone.
    public func contains(_ change: Change) -> Bool {
        switch change.action {
        case .reactivate: !statusRules.isEmpty
        case .create, .adopt: readsIgnored
        case .update, .rename:
            change.fields.contains { field in
                field.before != nil && (field.after == nil ? fields : fallingBack).contains(field.field)
            }
        default: change.action.endsAccess && decides(change.rule)
        }
    }

    private func decides(_ rule: ChangeRule) -> Bool {
        switch rule {
        case .status(let number): statusRules.contains(number)
        case .ignored: readsIgnored
        default: false
        }
    }
}

extension AttributeMapping {
    /// The fields of an account that are read from attributes, each with its source.
    var sources: [(field: UserField, source: FieldSource)] {
        let named: [(UserField, FieldSource?)] = [
            (.username, username), (.email, email), (.givenName, givenName), (.familyName, familyName), (.displayName, displayName),
        ]
        return named.compactMap { field, source in source.map { (field, $0) } } + extra.map { (.extra($0.name), $0.source) }
    }
}
