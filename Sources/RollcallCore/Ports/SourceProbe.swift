/// One thing that was looked at when a source was checked, for a person to read.
public struct SourceProbe: Hashable, Sendable {
    /// How it stands.
    public enum Outcome: String, Hashable, Sendable, CaseIterable {
        case ok
        /// It works, but somebody should look at it.
        case warning
        /// A reading would fail or be held.
        case failure
    }

    /// What was looked at: `connection`, `users`, `attribute mail`.
    public let title: String
    public let outcome: Outcome
    /// What was found, in one line.
    public let detail: String
    /// What to do about it; empty when all is well.
    public let advice: String

    public init(_ title: String, _ outcome: Outcome, _ detail: String, advice: String = "") {
        self.title = title
        self.outcome = outcome
        self.detail = detail
        self.advice = advice
    }
}

extension SourceProbe {
    /// The probe at which a check ended.
    public init(_ error: SourceError) {
        let title =
            switch error.code {
            case .credentials: "identity"
            case .untrusted: "encryption"
            default: "connection"
            }
        self.init(title, .failure, "\(error.subject): \(error.message)", advice: error.advice)
    }
}
