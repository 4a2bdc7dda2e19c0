import RollcallCore
import Testing

@Suite("What a config is expected to make of a user")
struct ExpectationTests {
    private let anna = LocalUser(id: 1, username: "anna", status: .active)
    private let staff = Grant(group: "Staff", isPrivileged: false, origin: .source)
    private let own = Grant(group: "Own", isPrivileged: false, origin: .local)

    private func row(_ changes: Change...) -> PlanRow {
        PlanRow(anchor: Anchor([1]), userID: 1, label: "anna", changes: changes)
    }

    private func change(_ action: Action, _ status: UserStatus? = nil, group: Text? = nil, heldBy: GuardName? = nil) -> Change {
        let fields = status.map { [FieldChange(.status, before: nil, after: $0.text)] } ?? []
        return Change(
            action: action, fields: fields, group: group, rule: .legacy("r"), reason: .legacy(""), heldBy: heldBy,
            digest: Digest(hashing: [1]))
    }

    @Test("Nobody before and no creation is nobody after; a creation brings status and groups")
    func created() {
        #expect(Standing(nil, [], after: nil) == nil)
        #expect(Standing(nil, [], after: row()) == nil)
        let created = row(change(.create, .active), change(.grant, group: "Staff"))
        #expect(Standing(nil, [], after: created) == Standing(status: .active, groups: ["Staff"]))
    }

    @Test("A deactivation takes what rules gave and leaves what was given here")
    func deactivated() {
        let standing = Standing(anna, [staff, own], after: row(change(.deactivate, .inactive)))
        #expect(standing == Standing(status: .inactive, groups: ["Own"]))
    }

    @Test("What waits for a person counts as done, what nobody can approve does not")
    func held() {
        let waiting = row(change(.grant, group: "Admins", heldBy: .privilegedGrant), change(.revoke, group: "Staff", heldBy: .lastHolder))
        #expect(Standing(anna, [staff], after: waiting) == Standing(status: .active, groups: ["Admins", "Staff"]))
        #expect(Standing(anna, [staff], after: row(change(.deactivate, .inactive, heldBy: .lastHolder)))?.status == .active)
    }

    @Test("A failure says what was expected and what was found; further groups and letter case are no failure")
    func failures() {
        let found = Standing(status: .active, groups: ["Own", "Staff"])
        #expect(Expectation(user: "anna", .absent).failure(given: nil) == nil)
        #expect(
            Expectation(user: "anna", .absent).failure(given: found)?.sentence
                == "anna: expected nobody of this name, found active, in Own, Staff")
        #expect(Expectation(user: "anna", .present(status: .active, groups: ["staff"])).failure(given: found) == nil)
        #expect(
            Expectation(user: "anna", .present(status: .inactive, groups: ["Admins"])).failure(given: found)?.sentence
                == "anna: expected inactive, in Admins, found active, in Own, Staff")
        #expect(
            Expectation(user: "anna", .present(status: nil, groups: ["Staff"])).failure(given: nil)?.sentence
                == "anna: expected in Staff, found nobody of this name")
    }
}
