import Testing

@testable import RollcallCore

@Suite("Status rules")
struct StatusEvaluatorTests {
    private static let lock = AttributeName(known: "nsAccountLock")
    private static let control = AttributeName(known: "userAccountControl")
    private static let title = AttributeName(known: "title")

    @Test("without a rule that matches the entry is active")
    func none() throws {
        var fixture = RuleFixture()
        #expect(fixture.desired([]).status == StatusVerdict(status: .active, rule: .noStatusRule, reason: .noRule))
        try fixture.rule("(nsAccountLock=TRUE)", .inactive)
        #expect(fixture.desired([(StatusEvaluatorTests.lock, "FALSE")]).status.rule == .noStatusRule)
    }

    @Test("the absence of a marker is no restriction, that of a state is unknown")
    func markersAndStates() throws {
        var marker = RuleFixture()
        try marker.rule("(nsAccountLock=TRUE)", .inactive)
        #expect(marker.desired([]).status.status == .active)
        var state = RuleFixture()
        try state.rule("(userAccountControl:1.2.840.113556.1.4.803:=2)", .inactive)
        let unknown = state.desired([]).status
        #expect(unknown.status == nil && unknown.rule == .status(1))
        #expect(unknown.reason.sentence == "status rule 1 cannot be told: (userAccountControl:1.2.840.113556.1.4.803:=2)")
        #expect(state.desired([(StatusEvaluatorTests.control, "514")]).status.status == .inactive)
        #expect(state.desired([(StatusEvaluatorTests.control, "512")]).status.status == .active)
        #expect(state.desired([(StatusEvaluatorTests.control, "many")]).status.status == nil)
        var declared = RuleFixture()
        try declared.rule("(title=left)", .inactive, absentMeansUnknown: true)
        #expect(declared.desired([]).status.status == nil && declared.desired([(StatusEvaluatorTests.title, "x")]).status.status == .active)
        var undeclared = RuleFixture()
        try undeclared.rule("(userAccountControl=2)", .inactive, absentMeansUnknown: false)
        #expect(undeclared.desired([]).status.status == .active)
    }

    @Test("the strictest match wins, ties go by order, and every match is a reason")
    func strictest() throws {
        var fixture = RuleFixture()
        try fixture.rule("(title=a*)", .active)
        try fixture.rule("(title=*b)", .inactive)
        try fixture.rule("(title=*)", .inactive)
        #expect(
            fixture.desired([(StatusEvaluatorTests.title, "ab")]).status
                == StatusVerdict(
                    status: .inactive, rule: .status(2),
                    reason: .matching([
                        StatusReason.Rule(2, "(title=*b)"), StatusReason.Rule(1, "(title=a*)"), StatusReason.Rule(3, "(title=*)"),
                    ])))
        var lenient = RuleFixture()
        try lenient.rule("(title=a*)", .active)
        #expect(lenient.desired([(StatusEvaluatorTests.title, "a")]).status.rule == .status(1))
        #expect(lenient.desired([(StatusEvaluatorTests.title, "a")]).status.status == .active)
    }

    @Test("what is certainly inactive is so although another rule cannot be told; what is perhaps inactive is not active")
    func unknown() throws {
        var fixture = RuleFixture()
        try fixture.rule("(userAccountControl=2)", .inactive)
        try fixture.rule("(nsAccountLock=TRUE)", .inactive)
        try fixture.rule("(title=vip)", .active)
        #expect(fixture.desired([(StatusEvaluatorTests.lock, "TRUE")]).status.status == .inactive)
        #expect(fixture.desired([(StatusEvaluatorTests.title, "vip")]).status.status == nil)
        var doubtful = RuleFixture()
        try doubtful.rule("(title=vip)", .active, absentMeansUnknown: true)
        try doubtful.rule("(nsAccountLock=TRUE)", .inactive)
        #expect(doubtful.desired([(StatusEvaluatorTests.lock, "TRUE")]).status.status == .inactive)
    }

    @Test("a rule with a negation is asked even when the entry has none of its attributes")
    func negation() throws {
        var fixture = RuleFixture()
        try fixture.rule("(!(title=staff))", .inactive)
        #expect(fixture.desired([(StatusEvaluatorTests.title, "staff")]).status.status == .active)
        #expect(fixture.desired([(StatusEvaluatorTests.title, "guest")]).status.status == .inactive)
        var always = RuleFixture()
        try always.rule("(&)", .inactive)
        #expect(always.desired([]).status.status == .inactive, "RFC 4526: an empty and is true")
    }

    @Test("an attribute that cannot be read leaves its rules unknown, and no others")
    func unreadable() throws {
        var fixture = RuleFixture { $0.displayName = FieldSource([.attribute(RuleFixture.display)]) }
        try fixture.rule("(title=left)", .inactive)
        try fixture.rule("(nsAccountLock=TRUE)", .inactive)
        fixture.expiry()
        let layout = Evaluator(rules: fixture.rules).layout
        func desired(_ unreadable: AttributeName, _ values: [(AttributeName, String)] = []) -> DesiredUser {
            var builder = EntryBuilder(layout: layout)
            builder.begin(dn: Array("uid=ann".utf8))
            for (name, value) in values { if let slot = layout.slot(of: name) { builder.append(Array(value.utf8), inSlot: slot) } }
            if let slot = layout.slot(of: unreadable) { builder.markUnreadable(inSlot: slot) }
            return Evaluator(rules: fixture.rules).desiredUser(for: builder.finish(), at: RuleFixture.now)
        }
        for name in [StatusEvaluatorTests.title, StatusEvaluatorTests.lock, RuleFixture.expire] {
            let verdict = desired(name).status
            #expect(verdict.status == nil && !verdict.isMissing, "\(name)")
        }
        #expect(desired(StatusEvaluatorTests.title, [(StatusEvaluatorTests.lock, "TRUE")]).status.status == .inactive)
        let display = desired(RuleFixture.display, [(StatusEvaluatorTests.lock, "TRUE")])
        #expect(display.displayName == .unreadable && display.status.status == .inactive)
        #expect(desired(RuleFixture.display).status.status == .active)
    }

    @Test("a rule that may match by the entry's name alone is asked even when the entry has none of its attributes")
    func byName() throws {
        var fixture = RuleFixture()
        try fixture.rule("(ou:dn:=people)", .inactive)
        #expect(fixture.desired([]).status.status == .inactive)
    }

    @Test("an expiry acts at its time and says when that is", arguments: [-1, 0, 1] as [Int64])
    func expiry(offset: Int64) {
        let status: StatusRule.Outcome = offset < 0 ? .active : .inactive
        var fixture = RuleFixture()
        fixture.expiry()
        let day: Int64 = 20_000
        let at = Instant(unixSeconds: day * 86_400 + offset)
        let verdict = fixture.desired([(RuleFixture.expire, "\(day)")], at: at).status
        #expect(verdict.status == status)
        #expect(verdict.due == (offset < 0 ? Instant(unixSeconds: day * 86_400) : nil))
    }

    @Test("of several expiries one that has passed is enough; nonsense is unknown; absence is never")
    func expiries() {
        var fixture = RuleFixture()
        fixture.expiry()
        #expect(fixture.desired([(RuleFixture.expire, "1"), (RuleFixture.expire, "90000")]).status.status == .inactive)
        #expect(
            fixture.desired([(RuleFixture.expire, "90000"), (RuleFixture.expire, "80000")]).status.due
                == Instant(unixSeconds: 80_000 * 86_400))
        #expect(fixture.desired([(RuleFixture.expire, "soon")]).status.status == nil)
        #expect(fixture.desired([(RuleFixture.expire, "soon"), (RuleFixture.expire, "1")]).status.status == .inactive)
        #expect(fixture.desired([(RuleFixture.expire, "90000"), (RuleFixture.expire, "soon")]).status.status == nil)
        #expect(fixture.desired([(RuleFixture.expire, "-1")]).status.status == .active)
        #expect(fixture.desired([]).status.status == .active)
    }

    @Test("the rulings name every rule with what it says")
    func rulings() throws {
        var fixture = RuleFixture()
        try fixture.rule("(nsAccountLock=TRUE)", .inactive)
        try fixture.rule("(userAccountControl=2)", .inactive)
        fixture.expiry()
        let rulings = Evaluator(rules: fixture.rules).statusRulings(
            for: fixture.entry([(StatusEvaluatorTests.lock, Array("TRUE".utf8))]), at: RuleFixture.now)
        #expect(rulings.map(\.number) == [1, 2, 3] && rulings.map(\.truth) == [.yes, .unknown, .no])
    }
}
