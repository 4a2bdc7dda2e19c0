internal import RollcallCore

/// An entry of the last applied snapshot, as the connector space has it.
struct KeptEntry {
    var anchor: Anchor
    var state: EntryState
    /// The linked user.
    var userID: Int64?
    var entry: Entry

    static let columns = "e.anchor, e.state, e.user_id, i.image"

    /// An entry from the columns that ``columns`` names.
    init(_ row: Statement) {
        anchor = Anchor(row.bytes(0))
        state = EntryState(rawValue: Int(row.number(1))) ?? .waiting
        userID = row.optionalNumber(2)
        entry = Entry(image: row.bytes(3))
    }

    var dn: Text { Text(entry.dn) ?? Text(String(decoding: entry.dn, as: UTF8.self)) }
}

/// What reads the entries of the last applied snapshot by today's rules.
struct KeptEntries {
    private let connection: Connection
    let evaluator: Evaluator

    init(_ connection: Connection, rules: RuleSettings) {
        self.connection = connection
        evaluator = Evaluator(rules: rules)
    }

    /// Whether the copies have their attributes where today's rules look for them.
    func areReadable() throws(StoreError) -> Bool {
        let select = try connection.prepare("SELECT layout FROM sources WHERE id = 1")
        guard try select.step() else { return false }
        let names = evaluator.layout.names.map { String(decoding: $0.folded, as: UTF8.self) }
        return select.optionalText(0)?.string == names.joined(separator: "\n")
    }

    func entry(_ anchor: Anchor) throws(StoreError) -> KeptEntry? {
        let select = try connection.prepare(
            "SELECT \(KeptEntry.columns) FROM entries e JOIN entry_images i ON i.id = e.id WHERE e.source = 1 AND e.anchor = ?1")
        select.bind(1, anchor.bytes)
        return try select.step() ? KeptEntry(select) : nil
    }

    /// Shows each entry in the order of the anchors.
    func forEachEntry(_ body: (KeptEntry) throws(StoreError) -> Void) throws(StoreError) {
        let select = try connection.prepare(
            "SELECT \(KeptEntry.columns) FROM entries e JOIN entry_images i ON i.id = e.id WHERE e.source = 1 ORDER BY e.anchor")
        while try select.step() { try body(KeptEntry(select)) }
    }
}
