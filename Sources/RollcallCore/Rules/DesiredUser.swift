/// What rules make of one entry: the account that it asks for, before anything local is looked at.
public struct DesiredUser: Hashable, Sendable {
    public var username: FieldValue
    public var email: FieldValue
    public var givenName: FieldValue
    public var familyName: FieldValue
    public var displayName: FieldValue
    /// In the order of the mapping.
    public var extra: [FieldValue]
    public var status: StatusVerdict
    /// The `ignore` filter that the entry matches; `nil` when it is not ignored.
    public var ignoredBy: String?

    /// The folded key of the username; `nil` when there is none.
    public var usernameKey: FoldedKey? { username.text.map { FoldedKey($0) } }
    /// The folded key of the email; `nil` when there is none.
    public var emailKey: FoldedKey? { email.text.map { FoldedKey($0) } }
}

/// What an entry says for one local field.
public enum FieldValue: Hashable, Sendable {
    /// Config maps nothing to the field: a run leaves it alone.
    case unmapped
    /// The attribute is absent or empty.
    case none
    /// A value; `others` are the further values of an attribute with several, in byte order.
    case value(Text, others: [Text])
    /// There is a value that is not text (not UTF-8, or with a NUL): the field stays as it is.
    case unreadable

    /// The value; `nil` when there is none.
    public var text: Text? {
        if case .value(let text, _) = self { text } else { nil }
    }

    /// The value without texts that are nothing but invisible characters: nobody could tell whom they name.
    var named: FieldValue {
        guard case .value(let text, let others) = self, !(others.isEmpty && text.utf8.allSatisfy { $0 < 0x80 }) else { return self }
        let visible = ([text] + others).filter { !FoldedKey($0).isEmpty }
        guard let first = visible.first else { return .none }
        return .value(first, others: Array(visible.dropFirst()))
    }

    /// The value to keep: the user's own when it is still one of the attribute's values, else the first.
    public func preferring(_ current: Text?) -> Text? {
        guard case .value(let text, let others) = self else { return nil }
        if let current, others.contains(current) { return current }
        return text
    }
}

/// What the status rules say about one entry.
public struct StatusVerdict: Hashable, Sendable {
    /// The status; `nil` when it cannot be told.
    public var status: StatusRule.Outcome?
    /// Which rule decided.
    public var rule: ChangeRule
    /// Why: every rule that matches.
    public var reason: StatusReason
    /// When the verdict changes by the clock alone; `nil` when it does not.
    public var due: Instant?
    /// Whether the status is unknown because an attribute that tells it is not there, rather than cannot be read.
    public var isMissing = false
    /// Whether a rule deletes without waiting.
    public var deletesNow = false
    /// The rule that tells of a passing lock which is reported only; `nil` when there is none.
    public var temporaryLock: String?

    public init(status: StatusRule.Outcome?, rule: ChangeRule, reason: StatusReason, due: Instant? = nil) {
        self.status = status
        self.rule = rule
        self.reason = reason
        self.due = due
    }
}
