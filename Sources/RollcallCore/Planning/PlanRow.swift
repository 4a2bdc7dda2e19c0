/// What a plan says about one entry: its changes, and what is to be said beside them.
///
/// A plan is a stream of these in the order of their anchors. Rows about what accounts share come first: see
/// ``Subject-swift.enum``. Entries about which there is nothing to say have no row.
public struct PlanRow: Hashable, Sendable {
    /// What a row is about.
    public enum Subject: UInt8, Hashable, Sendable, CaseIterable {
        /// An entry and its user.
        case entry
        /// A permission group, which ``PlanRow/label`` names; there is no anchor.
        case permissionGroup
        /// The names of deleted accounts; there is no anchor.
        case names
    }

    public var subject = Subject.entry
    public var anchor: Anchor
    /// The user that exists already; `nil` for one to be created and for an entry without a user.
    public var userID: Int64?
    /// The name by which a person knows the row: the username, or what the entry wants as one, or the DN.
    public var label: Text
    public var changes: [Change]
    public var remarks: [Remark]

    public init(anchor: Anchor, userID: Int64?, label: Text, changes: [Change] = [], remarks: [Remark] = []) {
        self.anchor = anchor
        self.userID = userID
        self.label = label
        self.changes = changes
        self.remarks = remarks
    }

    /// The marks of the remarks that a person has acknowledged, each once, in their order.
    public var acknowledged: [UInt8] {
        let marks = Set(remarks.filter(\.isAcknowledged).map(\.mark))
        return marks.isEmpty ? [] : marks.sorted { $0.lexicographicallyPrecedes($1) }.flatMap(\.self)
    }

    /// The row with those changes alone whose digests are `chosen`.
    public func selecting(_ chosen: Set<Digest>) -> PlanRow {
        var row = self
        row.changes.removeAll { !chosen.contains($0.digest) }
        return row
    }

    /// Whether the row says nothing.
    public var isEmpty: Bool { changes.isEmpty && remarks.isEmpty }
}

/// Something to be said about one entry that is not a change.
public struct Remark: Hashable, Sendable {
    /// What sort of thing it is.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Something cannot be decided; it withholds what it disputes.
        case conflict
        /// A status attribute cannot be read, so the status stays as it is.
        case undecided
        /// A difference that is seen and by rule left alone.
        case drift
        /// A difference that protection leaves alone.
        case protected
        /// Worth knowing.
        case warning
    }

    public var kind: Kind
    /// A short, stable word for programs: `username_taken`, `email_disputed`, `left_scope_unconfirmed`.
    public var code: String
    /// What it is about, in one line.
    public var message: String
    /// The command or the deed that resolves it; empty when nothing is to be done.
    public var advice: String
    /// Whether the last applied run did not have it.
    public var isNew: Bool
    /// Whether a person has taken it as settled as it is; it is then not new.
    public var isAcknowledged = false
    /// Whether it is about an account that has access although its status cannot be told. No run takes that for known, and nobody can
    /// acknowledge it. It is not kept with the row.
    public var isPressing = false

    public init(_ kind: Kind, _ code: String, _ message: String, advice: String = "", isNew: Bool = true) {
        self.kind = kind
        self.code = code
        self.message = message
        self.advice = advice
        self.isNew = isNew
    }
}
