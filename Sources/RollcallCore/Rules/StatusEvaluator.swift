/// What one status rule says about one entry.
public struct StatusRuling: Hashable, Sendable {
    /// The rule's number, from 1, in the order of config and then of the flavor's defaults.
    public let number: Int
    public let rule: StatusRule
    /// Whether it matches; unknown when an attribute that it needs is missing or cannot be read.
    public let truth: Truth
    /// When it begins to match by the clock alone.
    public let due: Instant?
}

/// Evaluates the status rules of one run: all of them, three-valued, the strictest match wins.
///
/// Rules that tell of a passing lock are evaluated too, and decide only when config says so.
struct StatusEvaluator: Sendable {
    private let rules: [StatusRule]
    private let layout: AttributeLayout
    private let actsOnTemporaryLocks: Bool
    /// The slots without a value in any of which no rule can match; `nil` when a rule may match an entry that has none.
    private let decisiveSlots: [Int]?

    init(rules: [StatusRule], layout: AttributeLayout, actsOnTemporaryLocks: Bool) {
        self.rules = rules
        self.actsOnTemporaryLocks = actsOnTemporaryLocks
        self.layout = layout
        let needValue = rules.allSatisfy { rule in
            if case .when(let condition) = rule.test, !condition.needsValue { return false }
            return !rule.attributes.contains(where: rule.isState)
        }
        decisiveSlots = needValue ? Set(rules.flatMap(\.attributes).compactMap { layout.slot(of: $0) }).sorted() : nil
    }

    func verdict(on values: EntrySlots, at now: Instant) -> StatusVerdict {
        if !mayMatch(values) { return StatusEvaluator.plain }
        let all = rulings(on: values, at: now)
        let rulings = actsOnTemporaryLocks ? all : all.filter { !$0.rule.isTemporary }
        var verdict = verdict(of: rulings, values)
        verdict.due = rulings.compactMap(\.due).min()
        if !actsOnTemporaryLocks { verdict.temporaryLock = all.first { $0.rule.isTemporary && $0.truth == .yes }?.rule.text }
        return verdict
    }

    /// The strictest match wins; a stricter rule that cannot be told leaves it open, but for what a match has proved already.
    private func verdict(of rulings: [StatusRuling], _ values: EntrySlots) -> StatusVerdict {
        let matches = rulings.filter { $0.truth == .yes }
        let unknown = rulings.filter { $0.truth == .unknown }
        let strictest = matches.map(\.rule.outcome).max()
        if (strictest ?? .active) < .inactive,
            let doubt = unknown.first(where: { $0.rule.outcome > .active }) ?? (strictest == nil ? unknown.first : nil)
        {
            var verdict = StatusVerdict(
                status: nil, rule: .status(doubt.number), reason: .unknown(StatusReason.Rule(doubt.number, doubt.rule.text)))
            verdict.isMissing = unknown.allSatisfy { isMissing($0.rule, values) }
            return verdict
        }
        guard let strictest, let deciding = matches.first(where: { $0.rule.outcome == strictest }) else {
            return StatusEvaluator.plain
        }
        let reasons = [deciding] + matches.filter { $0.number != deciding.number }
        var verdict = StatusVerdict(
            status: strictest, rule: .status(deciding.number),
            reason: .matching(reasons.map { StatusReason.Rule($0.number, $0.rule.text) }))
        verdict.deletesNow = matches.contains { $0.rule.isImmediate }
        return verdict
    }

    /// Whether an attribute that tells the rule's status is simply not there.
    private func isMissing(_ rule: StatusRule, _ values: EntrySlots) -> Bool {
        if case .when(.scim(let condition)) = rule.test {
            guard let slot = layout.slot(of: AttributeName(answerTo: condition)), values.count(slot) == 1 else { return false }
            return values.value(slot, 0).elementsEqual(ScimCondition.missing)
        }
        let slots = rule.attributes.compactMap { layout.slot(of: $0) }
        if slots.contains(where: values.isUnreadable) { return false }
        return rule.attributes.contains { name in rule.isState(name) && layout.slot(of: name).map { values.count($0) == 0 } ?? true }
    }

    func rulings(on values: EntrySlots, at now: Instant) -> [StatusRuling] {
        rules.enumerated().map { index, rule in
            switch rule.test {
            case .when(let condition):
                let subject = SlotSubject(values: values, layout: layout, isState: rule.isState)
                return StatusRuling(number: index + 1, rule: rule, truth: condition.evaluate(on: subject), due: nil)
            case .expired(let name):
                let (truth, due) = expiry(of: name, rule: rule, values: values, now: now)
                return StatusRuling(number: index + 1, rule: rule, truth: truth, due: due)
            }
        }
    }

    private static let plain = StatusVerdict(status: .active, rule: .noStatusRule, reason: .noRule)

    /// Whether some rule may match; most entries have none of the attributes that rules look for.
    private func mayMatch(_ values: EntrySlots) -> Bool {
        guard let decisiveSlots else { return true }
        return decisiveSlots.contains { values.count($0) > 0 }
    }

    private func expiry(
        of name: AttributeName, rule: StatusRule, values: EntrySlots, now: Instant
    ) -> (Truth, Instant?) {
        guard let slot = layout.slot(of: name), values.count(slot) > 0 else {
            return (rule.isState(name) ? .unknown : .no, nil)
        }
        var truth = Truth.no
        var due: Instant?
        for value in values[slot] {
            switch Expiry.read(attribute: String(decoding: name.folded, as: UTF8.self), value: Array(value)) {
            case nil: if truth == .no { truth = .unknown }
            case .never: continue
            case .at(let instant):
                if instant <= now {
                    truth = .yes
                } else {
                    due = min(due ?? instant, instant)
                }
            }
        }
        return (truth, due)
    }
}

/// An entry's values as a filter sees them.
struct SlotSubject: FilterSubject {
    let values: EntrySlots
    let layout: AttributeLayout
    let isState: (AttributeName) -> Bool

    func reading(of attribute: AttributeName) -> AttributeReading {
        guard let slot = layout.slot(of: attribute) else { return .unknown }
        let found = values[slot]
        if found.isEmpty, isState(attribute) { return .unknown }
        return values.isUnreadable(slot) ? .some(found.filter { !$0.isEmpty }) : .values(found)
    }

    /// An entry without a name has one that is not known: two records of one id with two names, or a row of a table.
    var distinguishedName: DistinguishedName? {
        values.dn.isEmpty ? nil : try? DistinguishedName(parsing: values.dn)
    }
}

extension Filter {
    /// Whether the filter can only match an entry that has a value for one of its attributes: it has no negation.
    var needsValue: Bool {
        switch self {
        case .not: false
        case .and(let parts): parts.contains(where: \.needsValue)
        case .or(let parts): parts.allSatisfy(\.needsValue)
        // With `:dn` a name alone may match.
        case .extensible(let match): match.attribute != nil && !match.dnAttributes
        case .equality, .substrings, .greaterOrEqual, .lessOrEqual, .presence, .approximate: true
        }
    }
}
