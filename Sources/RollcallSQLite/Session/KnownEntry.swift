internal import RollcallCore

/// What the connector space knows about an anchor.
struct KnownEntry {
    let id: Int64
    let digest: ShortDigest?
    let state: EntryState
    let userID: Int64?
    let hasAttention: Bool
    let due: Int64?
    let presence: UInt64
    /// Whether the user was deleted by a run, which undoes it when they come back.
    let isDeletedByRun: Bool

    /// What ``init(row:)`` takes, the first of a row.
    static let columns = "id, digest, state, user_id, attention, due, present, deleted_at"
    static let columnCount: Int32 = 8

    /// `nil` when the anchor is new.
    init?(_ statement: Statement, _ anchor: Anchor) throws(StoreError) {
        statement.bind(1, anchor.bytes)
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        self.init(row: statement)
    }

    init(row: Statement) {
        id = row.number(0)
        digest = row.shortDigest(1)
        state = EntryState(rawValue: Int(row.number(2))) ?? .waiting
        userID = row.optionalNumber(3)
        hasAttention = row.number(4) != 0
        due = row.optionalNumber(5)
        presence = UInt64(bitPattern: row.number(6))
        isDeletedByRun = !row.isNull(7)
    }

    /// Whether the pair must be decided although the entry has not changed.
    func needsLook(at now: Instant) -> Bool {
        hasAttention || state == .absent || (due.map { $0 <= now.microseconds } ?? false)
    }
}
