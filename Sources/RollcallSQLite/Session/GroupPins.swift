internal import RollcallCore

/// What `from` rules have pinned: the upstream groups that they mean, by their immutable ids.
struct GroupPins {
    /// The pinned groups by the rule's number, from 1; rules that say the same share them.
    private var pinned: [Int: [PinnedGroup]] = [:]
    private(set) var anchors: Set<Anchor> = []

    init(_ connection: Connection, rules: [GroupRule]) throws(StoreError) {
        let select = try connection.prepare(
            "SELECT anchor, name, dn FROM group_pins WHERE source = 1 AND kind = ?1 AND said = ?2 ORDER BY anchor")
        for (index, rule) in rules.enumerated() {
            guard let key = rule.selector.pinKey else { continue }
            select.bind(1, text: Text(key.kind)).bind(2, key.bytes)
            defer { select.reset() }
            while try select.step() {
                let group = PinnedGroup(anchor: Anchor(select.bytes(0)), name: select.text(1), dn: select.text(2))
                pinned[index + 1, default: []].append(group)
                anchors.insert(group.anchor)
            }
        }
    }

    /// What the rule of a number has pinned, in the order of the anchors.
    func groups(of rule: Int) -> [PinnedGroup] { pinned[rule] ?? [] }

    /// Whether any rule has pinned a group.
    func has(_ anchor: Anchor) -> Bool { anchors.contains(anchor) }

    /// Whether the rule of a number has pinned a group.
    func has(_ anchor: Anchor, rule: Int) -> Bool { groups(of: rule).contains { $0.anchor == anchor } }
}

/// The statements that pin groups and forget them.
struct GroupPinWriter {
    private let select: Statement
    private let upsert: Statement
    private let delete: Statement

    init(_ connection: Connection) throws(StoreError) {
        select = try connection.prepare("SELECT anchor FROM group_pins WHERE source = 1 AND kind = ?1 AND said = ?2")
        upsert = try connection.prepare(
            """
            INSERT INTO group_pins (source, kind, said, anchor, name, dn, state, pinned_at, run) VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT DO UPDATE SET name = excluded.name, dn = excluded.dn, state = excluded.state
            WHERE name <> excluded.name OR dn <> excluded.dn OR state <> excluded.state
            """)
        delete = try connection.prepare("DELETE FROM group_pins WHERE source = 1 AND kind = ?1 AND said = ?2 AND anchor = ?3")
    }

    /// The anchors that are pinned for what a rule says.
    func anchors(of selector: GroupRule.Selector) throws(StoreError) -> Set<Anchor> {
        guard let key = selector.pinKey else { return [] }
        select.bind(1, text: Text(key.kind)).bind(2, key.bytes)
        defer { select.reset() }
        var anchors: Set<Anchor> = []
        while try select.step() { anchors.insert(Anchor(select.bytes(0))) }
        return anchors
    }

    /// Pins exactly `groups` for what a rule says; those that were pinned already keep since when they are.
    ///
    /// - Parameters:
    ///   - state: how each of them stands.
    ///   - run: the run that pins them; `nil` for an administrator who does.
    func pin(
        _ groups: [PinnedGroup], for selector: GroupRule.Selector, at time: Instant, run: Int64?, _ state: (PinnedGroup) -> PinState
    ) throws(StoreError) {
        guard let key = selector.pinKey else { return }
        for anchor in try anchors(of: selector).subtracting(groups.map(\.anchor)) {
            try delete.bind(1, text: Text(key.kind)).bind(2, key.bytes).bind(3, anchor.bytes).run()
        }
        for group in groups {
            upsert.bind(1, text: Text(key.kind)).bind(2, key.bytes).bind(3, group.anchor.bytes).bind(4, text: group.name)
                .bind(5, text: group.dn).bind(6, text: Text(state(group).rawValue)).bind(7, time.microseconds).bind(8, run)
            try upsert.run()
        }
    }
}
