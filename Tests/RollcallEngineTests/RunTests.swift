import RollcallCore
import RollcallEngine
import RollcallSQLite
import RollcallTesting
import Synchronization
import Testing

@Suite("One run from end to end")
struct RunTests {
    private let fixture: RunFixture

    init() throws {
        fixture = try RunFixture(rules: try People.rules())
    }

    private static let lost = SourceError(
        .unreachable, subject: "ldap://one", message: "the connection was lost (81)", advice: "look at the server")

    @Test("a first run waits for a person, is applied as it was reviewed, and then there is nothing to do")
    func firstRun() async throws {
        let people = People(["ann", "bob"])
        let held = try await fixture.apply(people.directory)
        #expect(held.record.outcome == .held && held.holding == [.firstRun] && held.changes == ["create ann", "create bob"])
        #expect(held.record.reason == "no user is linked yet: the first run waits for a person who has looked at it")
        #expect(try fixture.probe.rows("SELECT * FROM users").isEmpty)
        #expect(try fixture.probe.rows("SELECT outcome, applied FROM runs") == ["outcome=\"held\"|applied=0"])
        let applied = try await fixture.approve(people.directory)
        #expect(applied.record.outcome == .applied && applied.record.isApproved)
        #expect(applied.record.guards.first { $0.guardName == .firstRun }?.verdict == .approved)
        let again = try await fixture.apply(people.directory)
        #expect(again.record.outcome == .inSync && again.rows.isEmpty && again.record.summary.unchanged == 2)
    }

    @Test("an incomplete reading changes nothing and is recorded with its reason", arguments: [0, 1, 99])
    func incomplete(batch: Int) async throws {
        var people = People(["ann", "bob", "cyd", "dan"])
        _ = try await fixture.approve(people.directory)
        let before = try fixture.probe.rows("SELECT * FROM users")
        people.remove("ann")
        var directory = people.directory
        directory.batchSize = 1
        directory.snapshots[0].failure = (batch, RunTests.lost)
        let failed = try await fixture.apply(directory)
        #expect(failed.record.outcome == .incomplete && failed.rows.isEmpty && failed.head != nil)
        #expect(failed.record.reason == "ldap://one: the connection was lost (81); look at the server")
        #expect(try fixture.probe.rows("SELECT * FROM users") == before && directory.log.readings == 1)
        #expect(try StoreReader(path: fixture.path).run(nil)?.record == failed.record)
        let dry = try await fixture.plan(directory)
        #expect(dry.record.outcome == .incomplete)
    }

    @Test("a reading that changed under us is tried once more, and may succeed then")
    func unstable() async throws {
        let people = People(["ann"])
        var first = people.snapshot
        first.failure = (0, SourceError(.unstable, subject: "people.ldif", message: "it changed while it was read"))
        let recovered = try await fixture.plan(MemoryDirectory(first, people.snapshot))
        #expect(recovered.changes == ["create ann"])
        let directory = MemoryDirectory(first, first)
        let failed = try await fixture.plan(directory)
        #expect(failed.record.outcome == .incomplete && directory.log.readings == 2)
    }

    @Test("a result other than success is no proof")
    func result() async throws {
        var directory = People(["ann"]).directory
        directory.snapshots[0].result = 4
        let failed = try await fixture.plan(directory)
        #expect(failed.record.outcome == .incomplete && failed.record.reason?.contains("the source ended with result 4") == true)
    }

    @Test("somebody missing who is there when looked up: read once more, then incomplete")
    func inScope() async throws {
        var people = People(["ann", "bob"])
        _ = try await fixture.approve(people.directory)
        let whole = people.snapshot
        people.remove("ann")
        var directory = MemoryDirectory(people.snapshot)
        directory.presences = [Anchor("id-ann".utf8): .inScope]
        let failed = try await fixture.apply(directory)
        #expect(failed.record.outcome == .incomplete && directory.log.readings == 2 && directory.log.lookUps.count == 2)
        #expect(failed.record.reason?.contains("the reading did not have id-ann, but it is there") == true)
        let healed = MemoryDirectory(people.snapshot, whole)
        #expect(try await fixture.apply(healed).record.outcome == .inSync)
    }

    @Test("why somebody is absent is looked up and said")
    func absences() async throws {
        var people = People(["ann", "bob", "cyd"])
        _ = try await fixture.approve(people.directory)
        for name in ["ann", "bob", "cyd"] { people.remove(name) }
        people["new"] = MemoryPerson("uid=new", ["entryUUID": ["id-new"], "uid": ["new"]])
        var directory = people.directory
        directory.presences = [Anchor("id-bob".utf8): .leftScope(dn: "uid=bob,ou=old"), Anchor("id-cyd".utf8): .unknown("busy (51)")]
        let applied = try await fixture.apply(directory)
        #expect(applied.changes == ["deactivate ann", "deactivate bob", "create new"] && applied.remarks == ["warning unconfirmed cyd"])
        #expect(
            applied.rows.flatMap(\.changes).map(\.reason.sentence) == [
                "gone: the directory has no such entry any more", "left scope: uid=bob,ou=old", "new entry",
            ])
        #expect(directory.log.lookUps == [["id-ann", "id-bob", "id-cyd"].map { Anchor($0.utf8) }])
    }

    @Test("nobody is looked up in bulk while the guard holds; an approval looks")
    func bulk() async throws {
        let names = (0..<8).map { "p\($0)" }
        var people = People(names)
        _ = try await fixture.approve(people.directory)
        for name in names.dropFirst() { people.remove(name) }
        let directory = people.directory
        let held = try await fixture.apply(directory)
        #expect(held.record.outcome == .held && held.holding == [.deactivations, .shrink] && directory.log.lookUps.isEmpty)
        #expect(held.record.reason?.hasPrefix("7 of 8 active users would be deactivated") == true)
        #expect(held.rows.first?.changes.first?.reason.sentence == "absent from the reading; not looked up, for a guard holds")
        let approved = try await fixture.approve(directory)
        #expect(approved.record.outcome == .applied && directory.log.lookUps.map(\.count) == [7])
        #expect(approved.rows.first?.changes.first?.reason.sentence == "gone: the directory has no such entry any more")
    }

    @Test("a look-up that fails makes the run incomplete")
    func lookUpFails() async throws {
        var people = People(["ann", "bob"])
        _ = try await fixture.approve(people.directory)
        people.remove("ann")
        var directory = people.directory
        directory.lookUpFailure = RunTests.lost
        #expect(try await fixture.apply(directory).record.outcome == .incomplete)
    }

    @Test("a replica that knows less than the last applied run read is refused")
    func behind() async throws {
        var directory = People(["ann"]).directory
        directory.snapshots[0].watermark = "20261121000000.000000Z#000000#001#000000"
        _ = try await fixture.approve(directory)
        #expect(try await fixture.apply(directory).record.outcome == .inSync)
        directory.snapshots[0].watermark = "20261120000000.000000Z#000000#001#000000"
        let refused = try await fixture.apply(directory)
        #expect(
            refused.record.outcome == .incomplete && refused.record.reason?.contains("older than what the last applied run read") == true)
        directory.snapshots[0].watermark = nil
        #expect(try await fixture.apply(directory).record.outcome == .inSync)
    }
}

extension RunTests {
    @Test("an approval of another plan is stale and applies nothing")
    func stale() async throws {
        var people = People(["ann"])
        let reviewed = try await fixture.plan(people.directory).record.planDigest
        let digest = try #require(reviewed)
        people["bob"] = MemoryPerson("uid=bob", ["entryUUID": ["id-bob"], "uid": ["bob"]])
        for consent in [RunRequest.Consent.approving(digest), .exactly(digest)] {
            let stale = try await fixture.apply(people.directory, consent)
            #expect(stale.record.outcome == .stale && stale.record.reason?.hasPrefix("the plan is no longer what was reviewed") == true)
        }
        #expect(try fixture.probe.rows("SELECT * FROM users").isEmpty)
    }

    @Test("exactly the plan, without an approval, keeps what is held held")
    func exactly() async throws {
        let people = People(["ann"])
        let digest = try #require(try await fixture.plan(people.directory).record.planDigest)
        #expect(try await fixture.apply(people.directory, .exactly(digest)).record.outcome == .held)
        #expect(try await fixture.apply(people.directory, .approving(digest)).record.outcome == .applied)
    }

    @Test("report-only applies nothing, and no-removals applies all but removals")
    func policies() async throws {
        var people = People(["ann", "bob"])
        _ = try await fixture.approve(people.directory)
        people.remove("ann")
        people["bob"]["mail"] = ["new@x"]
        fixture.rules.policy = .reportOnly
        #expect(try await fixture.plan(people.directory).record.outcome == .pending)
        let reported = try await fixture.apply(people.directory)
        #expect(reported.record.outcome == .held && reported.record.reason == "the policy is report-only")
        #expect(try fixture.probe.rows("SELECT email FROM users WHERE username = 'bob'") == ["email=\"bob@x\""])
        fixture.rules.policy = .noRemovals
        fixture.rulesDigest = Digest(hashing: [2])
        // Another policy is another config, and what it changes waits for a person.
        #expect(try await fixture.apply(people.directory).holding == [.scope])
        let applied = try await fixture.approve(people.directory)
        #expect(applied.record.outcome == .applied && applied.changes == ["update bob"] && applied.remarks == ["drift policy ann"])
        #expect(try fixture.probe.rows("SELECT status FROM users WHERE username = 'ann'") == ["status=\"active\""])
    }

    @Test("an attribute that is gone from many holds the plan")
    func attributeGone() async throws {
        let names = (0..<10).map { "p\($0)" }
        var people = People(names)
        _ = try await fixture.approve(people.directory)
        for name in names.dropFirst(4) { people[name]["mail"] = [] }
        let held = try await fixture.apply(people.directory)
        #expect(held.record.outcome == .held && held.holding == [.identifiers, .attributeGone])
        #expect(held.record.guards.first { $0.guardName == .attributeGone }?.message.hasPrefix("mail is gone from 6 of 10 entries") == true)
        for name in names.dropFirst(4).dropLast() { people[name]["mail"] = ["\(name)@x"] }
        // The one that is still without waits on, for it was held.
        let one = try await fixture.apply(people.directory)
        #expect(one.record.outcome == .held && one.holding == [.identifiers, .attributeGone])
        #expect(try await fixture.approve(people.directory).changes == ["update p9"])
    }

    @Test("a marker gone from all of its three holders holds, although so few come back")
    func markerGone() async throws {
        var people = People(numbered: 0..<9)
        for number in 0..<3 { people["p\(number)"]["employeeType"] = ["ended"] }
        _ = try await fixture.approve(people.directory)
        for number in 0..<3 { people["p\(number)"]["employeeType"] = [] }
        #expect(try await fixture.apply(people.directory).holding == [.attributeGone])
        people["p0"]["employeeType"] = ["ended"]
        // The two others were held, and wait on although the third has it again.
        let rest = try await fixture.apply(people.directory)
        #expect(rest.record.outcome == .held && rest.holding == [.attributeGone])
        #expect(rest.changes == ["reactivate p1", "reactivate p2"])
        #expect(try fixture.probe.rows("SELECT count(*) AS n FROM users WHERE status = 'inactive'") == ["n=3"])
        #expect(try await fixture.approve(people.directory).changes == ["reactivate p1", "reactivate p2"])
    }

    @Test("an empty directory is held, with an empty store and with a full one")
    func empty() async throws {
        let nobody = People([])
        let first = try await fixture.apply(nobody.directory)
        #expect(first.record.outcome == .held && first.holding.first == .empty)
        _ = try await fixture.approve(People(["ann"]).directory)
        let held = try await fixture.apply(nobody.directory)
        #expect(held.record.outcome == .held && held.holding.first == .empty && held.changes == ["deactivate ann"])
    }

    @Test("a privileged grant waits alone: its joiner is created, it is proposed again, and approved it is given")
    func privilegedGrant() async throws {
        var people = People(["ann", "bob"])
        _ = try await fixture.approve(people.directory)
        people["cyd"] = MemoryPerson("uid=cyd", ["entryUUID": ["id-cyd"], "uid": ["cyd"]])
        people.groups = [
            MemoryGroup("cn=admins", anchor: "g1", name: "admins", members: ["uid=cyd", "uid=ann,ou=people"]),
            MemoryGroup("cn=dev-red", anchor: "g2", name: "dev-red", members: ["uid=cyd"]),
        ]
        let first = try await fixture.apply(people.directory)
        #expect(first.record.outcome == .appliedPartly && first.holding == [.privilegedGrant])
        #expect(
            first.changes == ["held grant ann Administrators", "create cyd", "held grant cyd Administrators", "grant cyd Team red"])
        let again = try await fixture.apply(people.directory)
        #expect(again.record.outcome == .held && again.changes == ["held grant ann Administrators", "held grant cyd Administrators"])
        #expect(again.record.reason == "every change waits for a person")
        let approved = try await fixture.approve(people.directory)
        #expect(approved.record.outcome == .applied && approved.changes == ["grant ann Administrators", "grant cyd Administrators"])
        #expect(try await fixture.apply(people.directory).record.outcome == .inSync)
    }

    @Test("E5: the last holder keeps a privileged group, approved or not, and everybody else goes on")
    func lastHolder() async throws {
        var people = People(["ann", "bob"])
        people.groups = [MemoryGroup("cn=admins", anchor: "g1", name: "admins", members: ["uid=ann,ou=people"])]
        _ = try await fixture.approve(people.directory)
        people.remove("ann")
        people["bob"]["mail"] = ["new@x"]
        let first = try await fixture.apply(people.directory)
        #expect(first.record.outcome == .appliedPartly && first.holding == [.lastHolder])
        #expect(first.changes == ["held deactivate ann", "update bob"] && first.record.summary.held == 1)
        let approved = try await fixture.approve(people.directory)
        #expect(approved.changes == ["held deactivate ann"] && approved.holding == [.lastHolder])
        #expect(try fixture.probe.rows("SELECT status FROM users WHERE username = 'ann'") == ["status=\"active\""])
        try fixture.probe.grant("Administrators", to: "bob")
        #expect(try await fixture.apply(people.directory).changes == ["deactivate ann"])
    }

    @Test("another applier is locked out and told so, while a dry run goes on")
    func locked() async throws {
        let people = People(["ann"])
        _ = try await fixture.approve(people.directory)
        let other = try SQLiteStore(path: fixture.path, holder: "pid 2, another").begin(
            .apply, Evaluator(rules: fixture.rules), SessionOptions(now: fixture.now, rulesDigest: fixture.rulesDigest))
        defer { other.close() }
        let refused = try await fixture.apply(people.directory)
        #expect(refused.record.outcome == .failed && refused.isLockedOut && refused.record.reason?.contains("pid 2, another") == true)
        #expect(try await fixture.plan(people.directory).record.outcome == .inSync)
    }

    @Test("a run that is told to stop changes nothing and says so")
    func cancelled() async throws {
        let stopped = await Task {
            let fixture = try RunFixture(rules: try People.rules())
            withUnsafeCurrentTask { $0?.cancel() }
            return try await fixture.apply(People(["ann"]).directory).record
        }.result
        let record = try stopped.get()
        #expect(record.outcome == .failed && record.reason == "the run was told to stop")
    }

    @Test("the run tells where it stands, in order")
    func progress() async throws {
        let log = ProgressLog()
        var people = People(["ann", "bob"])
        _ = try await fixture.approve(people.directory)
        people.remove("bob")
        fixture.now = fixture.now + Span(seconds: 1)
        let outcome = try await fixture.run(people.directory, .apply, progress: { log.add($0) }, { $0.record.outcome })
        #expect(outcome == .applied)
        #expect(log.all == [.connecting, .reading(1), .settling, .confirming(1), .planning, .applying])
    }

    @Test("somebody who changes and leaves on one day is no hold of an administrator, and comes back")
    func changedAndEnded() async throws {
        var people = People(["ann", "bob"])
        _ = try await fixture.approve(people.directory)
        people["ann"]["mail"] = ["new@x"]
        people["ann"]["employeeType"] = ["ended"]
        let ended = try await fixture.approve(people.directory)
        #expect(ended.changes == ["update ann", "deactivate ann"])
        #expect(try fixture.probe.rows("SELECT held FROM users WHERE username = 'ann'") == ["held=0"])
        people["ann"]["employeeType"] = []
        #expect(try await fixture.approve(people.directory).changes == ["reactivate ann"])
    }
}

/// Gathers what a run tells.
private final class ProgressLog: Sendable {
    private let kept = Mutex<[RunProgress]>([])

    var all: [RunProgress] { kept.withLock { $0 } }

    func add(_ progress: RunProgress) {
        kept.withLock { $0.append(progress) }
    }
}
