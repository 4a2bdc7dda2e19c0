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

    /// The row with those changes alone whose digests are `chosen`.
    public func selecting(_ chosen: Set<Digest>) -> PlanRow {
        var row = self
        row.changes.removeAll { !chosen.contains($0.digest) }
        return row
    }

    /// Whether the row says nothing.
    public var isEmpty: Bool { changes.isEmpty && remarks.isEmpty }
}
