import RollcallCore
import Testing

@Suite("What may come from the absence of attributes")
struct AbsenceEffectsTests {
    private let rules: RuleSettings

    init() throws {
        var mapping = AttributeMapping(
            anchor: AttributeName(known: "entryUUID"), username: FieldSource([.attribute(AttributeName(known: "uid"))]))
        mapping.email = FieldSource([
            .attribute(AttributeName(known: "mail")), .template([.attribute(AttributeName(known: "uid")), .text("@x")]),
        ])
        mapping.givenName = FieldSource([.attribute(AttributeName(known: "givenName"))])
        mapping.extra = [ExtraField(name: "phone", source: FieldSource([.attribute(AttributeName(known: "telephoneNumber"))]))]
        var rules = RuleSettings(attributes: mapping)
        rules.status = try ["(employeeType=ended)", "(!(title=*))"].map {
            StatusRule(test: .when(.ldap(try Filter(parsing: $0))), outcome: .inactive, text: $0)
        }
        rules.ignore = [.ldap(try Filter(parsing: "(description=robot)"))]
        self.rules = rules
    }

    private func change(_ action: Action, _ fields: [FieldChange] = [], rule: ChangeRule = .attributes) -> Change {
        Change(action: action, fields: fields, rule: rule, reason: .changedUpstream, digest: Digest(hashing: []))
    }

    private func follows(_ change: Change, from gone: Text...) -> Bool { AbsenceEffects(of: gone, in: rules).contains(change) }

    @Test("a field that reads the attribute, when it loses its value")
    func lost() {
        let given = change(.update, [FieldChange(.givenName, before: "Ann", after: nil)])
        #expect(follows(given, from: "GIVENNAME") && follows(given, from: "mail", "givenName"))
        #expect(!follows(given, from: "mail") && !follows(given))
        let phone = change(.update, [FieldChange(.extra("phone"), before: "1", after: nil)])
        #expect(follows(phone, from: "telephoneNumber") && !follows(phone, from: "givenName"))
        // Who had none did not lose it.
        #expect(!follows(change(.update, [FieldChange(.givenName, before: nil, after: "Ann")]), from: "givenName"))
    }

    @Test("another value counts where the field can take it from elsewhere")
    func fallsBack() {
        #expect(follows(change(.update, [FieldChange(.email, before: "ann@corp", after: "ann@x")]), from: "mail"))
        #expect(!follows(change(.update, [FieldChange(.givenName, before: "Ann", after: "Anna")]), from: "givenName"))
        #expect(!follows(change(.rename, [FieldChange(.username, before: "ann", after: "anna")]), from: "uid"))
    }

    @Test("reactivations when a status rule reads it, and access that ends by that very rule")
    func status() {
        let back = change(.reactivate, [FieldChange(.status, before: "inactive", after: "active")], rule: .noStatusRule)
        #expect(follows(back, from: "employeeType") && follows(back, from: "title") && !follows(back, from: "mail"))
        #expect(follows(change(.deactivate, rule: .status(2)), from: "title"))
        #expect(!follows(change(.deactivate, rule: .status(2)), from: "employeeType"))
        #expect(!follows(change(.deactivate, rule: .absent), from: "title"))
    }

    @Test("whom a filter of `ignore` let in or out")
    func ignored() {
        #expect(follows(change(.create), from: "description") && !follows(change(.create), from: "title"))
        #expect(follows(change(.deactivate, rule: .ignored), from: "description"))
        #expect(!follows(change(.grant, rule: .group(1)), from: "description"))
    }
}
