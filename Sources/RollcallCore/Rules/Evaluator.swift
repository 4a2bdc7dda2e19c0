/// Turns entries into the accounts that they ask for: entry + rules + clock → ``DesiredUser``.
///
/// It is made once for a run; names are resolved to slots then, so that nothing is looked up by name for each entry.
public struct Evaluator: Sendable {
    /// The version of what rules mean: it changes whenever the same rules could make something else of the same entry or group.
    ///
    /// A store keeps the one of its last applied run. The first run under another one holds like a change of the rules. Version 2: no
    /// value of a state is unknown, and an unreadable value costs its own field alone.
    public static let semanticsVersion: Int64 = 2

    /// The attributes that the rules read of users.
    public let layout: AttributeLayout
    /// The rules that it was made of.
    public let rules: RuleSettings

    private let username: FieldReader
    private let email: FieldReader?
    private let givenName: FieldReader?
    private let familyName: FieldReader?
    private let displayName: FieldReader?
    private let extra: [FieldReader]
    private let status: StatusEvaluator
    /// Whether some status rule deletes.
    private let deletes: Bool

    public init(rules: RuleSettings) {
        let mapping = rules.attributes
        let others = mapping.attributes + rules.status.flatMap(\.attributes) + rules.ignore.flatMap(\.attributes)
        let layout = AttributeLayout(anchor: mapping.anchor, others: others)
        self.layout = layout
        self.rules = rules
        username = FieldReader(mapping.username, layout: layout)
        email = mapping.email.map { FieldReader($0, layout: layout) }
        givenName = mapping.givenName.map { FieldReader($0, layout: layout) }
        familyName = mapping.familyName.map { FieldReader($0, layout: layout) }
        displayName = mapping.displayName.map { FieldReader($0, layout: layout) }
        extra = mapping.extra.map { FieldReader($0.source, layout: layout) }
        deletes = rules.status.contains { $0.outcome == .deleted }
        status = StatusEvaluator(rules: rules.status, layout: layout, actsOnTemporaryLocks: rules.lifecycle.temporaryLock == .inactive)
    }

    /// What `entry` asks for at the time `now`.
    public func desiredUser(for entry: Entry, at now: Instant) -> DesiredUser {
        let values = entry.slots
        return DesiredUser(
            username: username.value(in: values).named, email: email?.value(in: values).named ?? .unmapped,
            givenName: givenName?.value(in: values) ?? .unmapped, familyName: familyName?.value(in: values) ?? .unmapped,
            displayName: displayName?.value(in: values) ?? .unmapped, extra: extra.map { $0.value(in: values) },
            status: status.verdict(on: values, at: now), ignoredBy: ignoringFilter(of: values))
    }

    /// Only the names that an entry claims, for finding out who else wants them; `nil` when it is ignored and claims nothing.
    public func claims(of values: EntrySlots) -> (username: FieldValue, email: FieldValue)? {
        if !rules.ignore.isEmpty, ignoringFilter(of: values) != nil { return nil }
        return (username.value(in: values).named, email?.value(in: values).named ?? .unmapped)
    }

    /// Whether an entry without a user stays without one, because a rule would delete the user at once.
    public func keepsOut(_ values: EntrySlots, at now: Instant) -> Bool {
        deletes && status.verdict(on: values, at: now).status == .deleted
    }

    /// Whether an entry gives its user access: not ignored, and active as far as it can be told.
    public func isActive(_ values: EntrySlots, at now: Instant) -> Bool {
        ignoringFilter(of: values) == nil && status.verdict(on: values, at: now).status == .active
    }

    /// What each status rule says about `entry`, in order: for `explain`.
    public func statusRulings(for entry: Entry, at now: Instant) -> [StatusRuling] {
        status.rulings(on: entry.slots, at: now)
    }

    private func ignoringFilter(of values: EntrySlots) -> String? {
        if rules.ignore.isEmpty { return nil }
        let subject = SlotSubject(values: values, layout: layout, isState: { _ in false })
        return rules.ignore.first { $0.evaluate(on: subject) == .yes }.map { "\($0)" }
    }
}

/// One field's alternatives with their attributes as slots.
struct FieldReader: Sendable {
    private enum Alternative: Sendable {
        case slot(Int)
        case template([Piece])
    }

    private enum Piece: Sendable {
        case text(Text)
        case slot(Int)
    }

    private let alternatives: [Alternative]

    init(_ source: FieldSource, layout: AttributeLayout) {
        alternatives = source.alternatives.map { alternative in
            switch alternative {
            case .attribute(let name): .slot(layout.slot(of: name) ?? -1)
            case .template(let pieces):
                .template(
                    pieces.map { piece in
                        switch piece {
                        case .text(let text): .text(text)
                        case .attribute(let name): .slot(layout.slot(of: name) ?? -1)
                        }
                    })
            }
        }
    }

    func value(in values: EntrySlots) -> FieldValue {
        var unreadable = false
        for alternative in alternatives {
            let found =
                switch alternative {
                case .slot(let slot): FieldReader.read(values, slot)
                case .template(let pieces): FieldReader.fill(pieces, values)
                }
            switch found {
            case .value: return found
            case .unreadable: unreadable = true
            case .none, .unmapped: continue
            }
        }
        return unreadable ? .unreadable : .none
    }

    private static func read(_ values: EntrySlots, _ slot: Int) -> FieldValue {
        let count = values.count(slot)
        if count == 0 { return .none }
        if values.isUnreadable(slot) { return .unreadable }
        if count == 1 {
            guard let text = values.text(slot, 0) else { return .unreadable }
            let trimmed = text.trimmed()
            return trimmed.isEmpty ? .none : .value(trimmed, others: [])
        }
        var texts: [Text] = []
        var unreadable = false
        for place in 0..<count {
            guard let text = values.text(slot, place) else {
                unreadable = true
                continue
            }
            let trimmed = text.trimmed()
            if !trimmed.isEmpty { texts.append(trimmed) }
        }
        texts.sort()
        guard let least = texts.first else { return unreadable ? .unreadable : .none }
        var others: [Text] = []
        for text in texts where text != others.last ?? least { others.append(text) }
        return .value(least, others: others)
    }

    private static func fill(_ pieces: [Piece], _ values: EntrySlots) -> FieldValue {
        var bytes: [UInt8] = []
        for piece in pieces {
            switch piece {
            case .text(let text): bytes.append(contentsOf: text.utf8)
            case .slot(let slot):
                let value = read(values, slot)
                guard let text = value.text else { return value == .unreadable ? .unreadable : .none }
                bytes.append(contentsOf: text.utf8)
            }
        }
        guard let text = Text(bytes)?.trimmed(), !text.isEmpty else { return .none }
        return .value(text, others: [])
    }
}
