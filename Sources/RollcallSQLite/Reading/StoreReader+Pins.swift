public import RollcallCore

/// One pinned group as the lists show it.
public struct ListedPin: Hashable, Sendable {
    public var group: PinnedGroup
    /// How it stood in the last applied snapshot.
    public var state: PinState
    public var pinnedAt: Instant
    /// The run that pinned it; `nil` when an administrator did.
    public var run: RunID?
}

extension StoreReader {
    /// What is pinned for what a rule says, in the order of the anchors; nothing for a pattern.
    public func pins(of selector: GroupRule.Selector) throws(StoreError) -> [ListedPin] {
        guard let key = selector.pinKey else { return [] }
        let select = try connection.prepare(
            """
            SELECT p.anchor, p.name, p.dn, p.state, p.pinned_at, r.id FROM group_pins p LEFT JOIN runs r ON r.seq = p.run
            WHERE p.source = 1 AND p.kind = ?1 AND p.said = ?2 ORDER BY p.anchor
            """)
        select.bind(1, text: Text(key.kind)).bind(2, key.bytes)
        var pins: [ListedPin] = []
        while try select.step() {
            guard let state = PinState(rawValue: select.text(3).string) else { throw damaged("a pinned group") }
            pins.append(
                ListedPin(
                    group: PinnedGroup(anchor: Anchor(select.bytes(0)), name: select.text(1), dn: select.text(2)), state: state,
                    pinnedAt: Instant(microseconds: select.number(4)), run: select.optionalText(5).flatMap { RunID($0.string) }))
        }
        return pins
    }
}
