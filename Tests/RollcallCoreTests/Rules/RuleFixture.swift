@testable import RollcallCore

/// Entries of a few attributes, and what rules make of them.
struct RuleFixture {
    static let uid = AttributeName(known: "uid")
    static let mail = AttributeName(known: "mail")
    static let given = AttributeName(known: "givenName")
    static let family = AttributeName(known: "sn")
    static let display = AttributeName(known: "displayName")
    static let expire = AttributeName(known: "shadowExpire")
    static let now = Instant(unixSeconds: 1_794_000_000)

    var rules: RuleSettings

    init(_ change: (inout AttributeMapping) -> Void = { _ in }) {
        var mapping = AttributeMapping(anchor: AttributeName(known: "entryUUID"), username: FieldSource([.attribute(RuleFixture.uid)]))
        change(&mapping)
        rules = RuleSettings(attributes: mapping)
    }

    /// An entry with these values, delivered in this order.
    func entry(_ values: [(AttributeName, [UInt8])]) -> Entry {
        let layout = Evaluator(rules: rules).layout
        var builder = EntryBuilder(layout: layout)
        builder.begin(dn: Array("uid=ann,ou=people".utf8))
        for (name, value) in values { if let slot = layout.slot(of: name) { builder.append(value, inSlot: slot) } }
        return builder.finish()
    }

    /// What an entry with these texts asks for.
    func desired(_ values: [(AttributeName, String)], at now: Instant = RuleFixture.now) -> DesiredUser {
        Evaluator(rules: rules).desiredUser(for: entry(values.map { ($0, Array($1.utf8)) }), at: now)
    }

    /// Adds a status rule.
    mutating func rule(_ filter: String, _ outcome: StatusRule.Outcome, absentMeansUnknown: Bool? = nil) throws {
        rules.status.append(
            StatusRule(
                test: .when(.ldap(try Filter(parsing: filter))), outcome: outcome, absentMeansUnknown: absentMeansUnknown, text: filter))
    }

    /// Adds a rule on an expiry.
    mutating func expiry(_ name: AttributeName = RuleFixture.expire) {
        rules.status.append(StatusRule(test: .expired(name), outcome: .inactive, text: "expired: \(name)"))
    }
}
