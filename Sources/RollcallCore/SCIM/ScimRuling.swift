/// What a filter says about a resource, and where it cannot tell, why.
public struct ScimRuling: Hashable, Sendable {
    /// Whether the filter holds.
    public let truth: Truth
    /// Whether the outcome is unknown only because attributes of state are absent; `false` where a value cannot be read or compared.
    public let isMissing: Bool

    static let yes = ScimRuling(.yes)
    static let no = ScimRuling(.no)
    /// A value is there but cannot be read or compared.
    static let unreadable = ScimRuling(.unknown)
    /// An attribute that says what state somebody is in is absent.
    static let missing = ScimRuling(.unknown, isMissing: true)

    init(_ truth: Truth, isMissing: Bool = false) {
        self.truth = truth
        self.isMissing = isMissing
    }

    /// Holds when both hold, fails as soon as one fails.
    func and(_ other: ScimRuling) -> ScimRuling { combined(with: other, as: truth.and(other.truth)) }

    /// Holds as soon as one holds, fails when both fail.
    func or(_ other: ScimRuling) -> ScimRuling { combined(with: other, as: truth.or(other.truth)) }

    /// The opposite; what is not known stays so.
    var negated: ScimRuling { ScimRuling(truth.negated, isMissing: isMissing) }

    private func combined(with other: ScimRuling, as truth: Truth) -> ScimRuling {
        guard truth == .unknown else { return ScimRuling(truth) }
        let isReadable = (self.truth != .unknown || isMissing) && (other.truth != .unknown || other.isMissing)
        return ScimRuling(.unknown, isMissing: isReadable)
    }
}
