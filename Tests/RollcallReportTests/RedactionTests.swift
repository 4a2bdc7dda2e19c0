import RollcallCore
import Testing

@testable import RollcallReport

@Suite("A redacted report names nobody and nothing")
struct RedactionTests {
    /// A name of its own for every place that can hold one.
    private struct Canaries {
        private(set) var names: [String] = []

        mutating func next(_ place: String) -> String {
            let name = "canary\(names.count)\(place)"
            names.append(name)
            return name
        }
    }

    /// A run with a canary in every field, and in every sentence that is known to quote values.
    private func fixture() throws -> (ReportFixture, [String]) {
        var canaries = Canaries()
        func text(_ place: String) -> Text { Text(canaries.next(place)) }
        let fields = [UserField.username, .email, .givenName, .familyName, .displayName, .status, .extra("department")]
            .map { FieldChange($0, before: text("before"), after: text("after")) }
        var rows = Action.allCases.map { action in
            let isGrant = action == .grant || action == .revoke
            return person(
                text("label"), id: 7, anchor: canaries.next("anchor"),
                [
                    .test(
                        action, isGrant ? [] : fields, group: isGrant ? text("group") : nil,
                        path: isGrant ? [text("path"), text("path")] : [],
                        rule: .legacy(canaries.next("rule")), reason: .legacy(canaries.next("reason")),
                        heldBy: action == .grant ? .privilegedGrant : nil)
                ])
        }
        let messages = [
            "left scope: %", "left scope: it matches the ignore filter (uid=%)", "status rule 2: (uid=%); ends %, %",
            "the username % is held by % (a local user); the account keeps %",
            "the email % is also wanted by %, %; the account has no email meanwhile",
            "upstream is now called %; usernames are kept", "protected: grant % was left alone (left scope: %)", "% is nothing that we say",
            "absent from the reading, but its absence could not be confirmed (%); unchanged", "the entry cannot be used: %", "%",
            "gone: the directory has no such entry any more%", "username has 3 values upstream; one is used, the least is %",
            "% has 3 values upstream; one is used, the least is x", "new entry; %", "status rule %: x",
        ]
        for (index, message) in messages.enumerated() {
            var sentence = ""
            for character in message { sentence += character == "%" ? canaries.next("quoted") : String(character) }
            let kind = Remark.Kind.allCases[index % Remark.Kind.allCases.count]
            let legacy = Remark.Legacy(
                kind, canaries.next("code"), sentence, advice: "rollcall explain \(canaries.next("advice"))")
            let remarks = [Remark(.legacy(legacy), isNew: index != 3)]
            rows.append(person(text("label"), anchor: canaries.next("anchor"), [.deactivation(.legacy(sentence))], remarks: remarks))
        }
        let causes: [Remark.Cause] = [
            .unusable(canaries.next("fault")), .usernameKept(text("wanted")), .moved([text("moved")]), .membershipKept(text("kept")),
            .claim(Remark.Claim(.email, text("claimed"), .recycled(from: text("holder")), .keeps(text("former")))),
            .claim(Remark.Claim(.username, text("claimed"), .disputed(with: [text("rival")]), .noAccount)),
            .protected(.grant, group: text("protected"), .left(.leftScope(text("dn")), Reason.Ending(groups: [text("ending")]))),
            .statusUnknown(.matching([StatusReason.Rule(1, canaries.next("status"))])), .temporaryLock(canaries.next("lock")),
            .unreadable(.extra(text("field"))), .severalValues(.email, count: 2, least: text("least")),
        ]
        for cause in causes { rows.append(person(text("label"), anchor: canaries.next("anchor"), remarks: [Remark(cause)])) }
        rows.append(
            person(
                text("label"), anchor: canaries.next("anchor"), [.deactivation(.left(.ignored(canaries.next("filter")), Reason.Ending()))]))
        var fixture = try ReportFixture(.held, mode: .apply, rows: rows)
        fixture.record.reason = canaries.next("why")
        fixture.record.actor = text("actor")
        fixture.record.planDigest = Digest(hashing: [1])
        fixture.record.warnings = [Text("group rule 1 meets no upstream group: \(canaries.next("rule"))")]
        fixture.record.source = SourceFacts(name: canaries.next("source"), type: canaries.next("type"), proof: fixture.record.source.proof)
        fixture.record.source.proof?.server = canaries.next("server")
        fixture.record.source.proof?.watermark = canaries.next("watermark")
        fixture.record.guards = GuardName.allCases.map { name in
            GuardResult(
                name, reach: .plan, limit: .legacy(canaries.next("limit")), observed: 1, verdict: name == .empty ? .approved : .held,
                name == .lastHolder ? .lastHolder(of: text("group")) : .legacy(canaries.next("message")))
        }
        fixture.context.auditHead = canaries.next("head")
        fixture.context.warnings = [Remark(.ofRun(text("warning")))]
        fixture.context.hints = CommandHints(
            program: canaries.next("program"), configPath: canaries.next("path"), planPath: canaries.next("path"))
        return (fixture, canaries.names)
    }

    @Test("no original value is in any format", arguments: Format.allCases)
    func canaries(_ format: Format) throws {
        let (fixture, names) = try fixture()
        let open = try fixture.report(format)
        #expect(names.filter { open.contains($0) }.count > names.count / 3, "the canaries are not where they should be seen")
        let shown = try fixture.redacted().report(format)
        #expect(names.filter { shown.contains($0) } == [])
        #expect(!shown.contains("canary"))
        #expect(shown.contains("user-") && shown.contains("group-"))
    }

    @Test("a value has one pseudonym throughout a report, and another one with another key")
    func pseudonyms() throws {
        let first = try ReportFixture.nominal().redacted()
        let frank = try #require(first.rows.first { $0.userID != nil && $0.changes.first?.action == .rename })
        #expect(frank.changes.first?.fields.first?.before == frank.label)
        let groups = Set(first.rows.flatMap(\.changes).filter { $0.group != nil && $0.path.count == 1 }.map(\.group))
        #expect(groups.count == 1, "the two grants of Team billing")
        #expect(try ReportFixture.nominal().redacted().rows == first.rows)
        let second = try ReportFixture.nominal().redacted(key: 8)
        #expect(Set(first.rows.map(\.label)).isDisjoint(with: second.rows.map(\.label)))
        #expect(Set(first.rows.flatMap(\.changes).map(\.digest)).isDisjoint(with: second.rows.flatMap(\.changes).map(\.digest)))
    }

    @Test("what is ours stays: actions, numbers, known sentences, and that names were replaced is said")
    func ours() throws {
        let shown = try ReportFixture.nominal().redacted().report(.text)
        #expect(shown.contains("gone: the directory has no such entry any more\n"))
        #expect(shown.contains("(a local user); no account is made meanwhile"))
        #expect(shown.contains("names   redacted: each name has a pseudonym"))
        #expect(try ReportFixture.nominal().redacted().json().contains("\"redacted\": true"))
    }

    @Test("what the guards say is known, so that it stays", arguments: [0, 3])
    func guards(_ earlier: Int) throws {
        var tally = GuardTally()
        (tally.deactivations, tally.reactivations, tally.creations, tally.identifiers) = (900, 900, 900, 900)
        (tally.privilegedGrants, tally.privilegedIdentifiers) = (1 + earlier, 1 + earlier)
        tally.revocations = ["canary": 90]
        tally.permissionChanges = 1 + earlier
        var waiting = WaitingChanges()
        for number in [1, 2] { waiting.changes[HoldKey(.rejection, Text("\(number)"))] = number }
        waiting.plan[.deactivations] = 2
        var fixture = try ReportFixture(.held)
        for (links, users) in [(0, 0), (1_000, 0), (1_000, 10)] {
            var baseline = Baseline(linkedActive: links, links: links, users: 1_000, groups: 1_000)
            baseline.window.changes.deactivations = earlier
            baseline.window.changes.reactivations = earlier
            baseline.window.changes.creations = earlier
            baseline.window.changes.identifiers = earlier
            baseline.window.changes.revocations = ["canary": earlier]
            let proof = ReadProof(server: "x", users: users, groups: links == 0 ? 999 : 0, rejected: 500, pages: 1, result: 0)
            fixture.record.guards += Guards(limits: GuardLimits(), baseline: baseline).judge(
                tally, proof: proof, losses: [AttributeLoss(attribute: "canary", had: 90, lost: 90, isMarker: false)], changes: 9,
                rulesMoved: true, holders: ["canary": 100], waiting: waiting)
        }
        let standing = Standing(status: .active, groups: ["canary"])
        let expectations = [
            Expectation(user: "canary", .absent).failure(given: standing),
            Expectation(user: "canary", .present(status: .inactive, groups: ["canary"])).failure(given: standing),
            Expectation(user: "canary", .present(status: nil, groups: ["canary"])).failure(given: nil),
        ]
        fixture.record.guards += expectations.compactMap { $0 }.map {
            GuardResult(.expect, reach: .plan, limit: .each, observed: 1, whole: 3, verdict: .held, .expectation($0))
        }
        let held = Set(fixture.record.guards.filter { $0.verdict == .held }.map(\.guardName))
        #expect(
            held == Set(GuardName.allCases).subtracting([.lastHolder, .adoption, .groupReplaced, .anchorsChanged, .ownAccess, .paused]))
        for result in fixture.redacted().record.guards {
            #expect(!result.message.contains("redacted") && !result.limit.description.contains("redacted"), "\(result.guardName)")
            #expect(!result.message.contains("canary"), "\(result.guardName)")
        }
    }

    @Test("what is said of a rule whose group vanished, moved or was replaced is known, so that it stays")
    func groupRules() throws {
        let former = PinnedGroup(anchor: Anchor("a".utf8), name: "canary", dn: "cn=canary")
        let other = PinnedGroup(anchor: Anchor("b".utf8), name: "canary", dn: "cn=canary,o=b")
        let moved = PinnedGroup(anchor: Anchor("a".utf8), name: "canary2", dn: "cn=canary2")
        var standings: [PinStanding] = []
        let absences: [Absence?] = [
            .gone, .leftScope(dn: "cn=canary,o=x"), .unconfirmed("canary"), nil,
            .notBelowBase(PartialContext(base: "ou=canary", context: "o=canary")),
        ]
        let pattern = GroupRule.Selector.pattern(try LinearPattern("canary"))
        for (selector, named, seen) in [
            (GroupRule.Selector.name(FoldedKey("canary")), [], []), (.name(FoldedKey("canary")), [other], []),
            (.name(FoldedKey("canary")), [], [moved]), (pattern, [], []),
        ] {
            for absence in absences {
                let review = PinReview(pinned: [former], named: named, seen: seen)
                var standing = PinStanding(
                    rule: 1, text: "canary", selector: selector, permissionGroup: "canary", review: review, pinned: [former])
                standing.absences[former.anchor] = absence
                standings.append(standing)
            }
        }
        var fixture = try ReportFixture(.held)
        fixture.record.warnings = standings.map(\.warning)
        for count in [1, 2] {
            var tally = GuardTally()
            tally.replaced = [1: count]
            fixture.record.guards += Guards(limits: GuardLimits(), baseline: Baseline()).replacements(tally, standings)
        }
        let redacted = fixture.redacted().record
        for said in redacted.warnings.map(\.string) + redacted.guards.map(\.message) {
            #expect(!said.contains("canary") && !said.contains("redacted"), "\(said)")
        }
    }

    @Test("hostile names are redacted too")
    func hostile() throws {
        for name in HostileNames.all() where name.utf8.count > 6 && name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            var fixture = try HostileNames.fixture(name)
            // The names of further fields are the config's, and stay.
            fixture.rows = fixture.rows.map { row in
                var row = row
                for index in row.changes.indices { row.changes[index].fields.removeAll { $0.field == .extra(Text(name)) } }
                return row
            }
            let shown = try fixture.redacted().report(.json)
            #expect(!shown.contains(name), "\(name)")
        }
    }
}
