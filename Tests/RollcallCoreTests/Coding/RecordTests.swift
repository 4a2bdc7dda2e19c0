import Testing

@testable import RollcallCore

@Suite("Records of plans and runs")
struct RecordTests {
    private static let digest = Digest(hashing: [1, 2, 3])

    private static let row: PlanRow = {
        var row = plainRow
        row.digestChanges()
        return row
    }()

    private static let plainRow = PlanRow(
        anchor: Anchor([0, 255, 7]), userID: -9_000_000_000, label: "änn",
        changes: [
            Change(
                action: .update,
                fields: [
                    FieldChange(.username, before: "a", after: "b"), FieldChange(.email, before: nil, after: ""),
                    FieldChange(.givenName, before: "", after: nil),
                    FieldChange(.familyName, before: nil, after: nil), FieldChange(.displayName, before: "x", after: "y"),
                    FieldChange(.status, before: "active", after: "inactive"), FieldChange(.extra("department"), before: "1", after: "2"),
                ], rule: .attributes, reason: .changedUpstream, digest: digest),
            Change(
                action: .grant, group: "Admins", path: ["a", "b"], rule: .group(1), reason: .legacy("r"), heldBy: .privilegedGrant,
                digest: digest),
        ],
        remarks: Remark.Kind.allCases.map {
            Remark(.legacy(Remark.Legacy($0, "code", "message \($0)", advice: "do")), isNew: $0 == .drift)
        })

    private static let run: RunRecord = {
        var run = RunRecord(
            id: RunID(started: Instant(unixSeconds: 1_794_000_000), random: 0x4F2A_9C01), started: Instant(microseconds: -1), mode: .apply,
            source: SourceFacts(type: "ldap"), actor: "alice")
        run.finished = Instant.latest
        run.outcome = .appliedPartly
        run.reason = "because"
        run.source.proof = ReadProof(
            server: "ldap://one", users: 1, groups: 2, rejected: 3, pages: 4, result: -5, watermark: "mark", referralsIgnored: 6)
        for (number, action) in Action.allCases.enumerated() { run.summary[action] = number }
        run.summary.unchanged = 1
        run.summary.held = 2
        run.summary.drift = 3
        run.summary.conflict = 4
        run.summary.newConflict = 5
        run.summary.undecided = 6
        run.summary.protected = 7
        run.summary.ignored = 8
        run.summary.unmappedGroups = 9
        run.summary.warnings = 10
        run.guards = GuardName.allCases.prefix(20).map {
            GuardResult($0, reach: .changes, limit: .legacy("l"), observed: 1, whole: nil, verdict: .approved, .legacy("m"))
        }
        run.guards[0].whole = 12
        run.planDigest = digest
        run.isApproved = true
        run.warnings = ["one", "two"]
        return run
    }()

    @Test("a row and a run come back as what they were")
    func roundTrip() {
        #expect(PlanRow(record: RecordTests.row.record) == RecordTests.row)
        #expect(RunRecord(record: RecordTests.run.record) == RecordTests.run)
        var guarded = RecordTests.run
        guarded.guards = GuardName.allCases.map {
            GuardResult($0, reach: .plan, limit: .legacy("l"), observed: 1, verdict: .held, .legacy("m"))
        }
        #expect(RunRecord(record: guarded.record) == guarded)
        let empty = PlanRow(anchor: Anchor([]), userID: nil, label: .empty)
        #expect(PlanRow(record: empty.record) == empty)
        var plain = RunRecord(
            id: RecordTests.run.id, started: Instant.earliest, mode: .plan, source: SourceFacts(type: "file"), actor: .empty)
        plain.reason = nil
        #expect(RunRecord(record: plain.record) == plain)
    }

    @Test("what a row is about, and privilege, binding and holders of a change come back", arguments: PlanRow.Subject.allCases)
    func marks(subject: PlanRow.Subject) {
        for marks in 0..<8 {
            var row = RecordTests.row
            row.subject = subject
            row.changes[0].fields += [UserField.privileged, .permissions, .namesKept].map { FieldChange($0, before: "0", after: "1") }
            row.changes[1].isPrivileged = marks & 1 != 0
            row.changes[1].binding = marks & 2 != 0 ? ShortDigest(high: 1, low: 2) : nil
            row.changes[1].holders = marks & 4 != 0 ? 300 : nil
            row.digestChanges()
            #expect(PlanRow(record: row.record) == row)
        }
    }

    @Test("every word of every kind comes back", arguments: RunRecord.Outcome.allCases)
    func words(outcome: RunRecord.Outcome) {
        var run = RecordTests.run
        run.outcome = outcome
        for mode in RunRecord.Mode.allCases {
            run.mode = mode
            #expect(RunRecord(record: run.record) == run)
        }
        for action in Action.allCases {
            for guardName in GuardName.allCases {
                var row = RecordTests.row
                row.changes[0].action = action
                row.changes[0].heldBy = guardName
                row.digestChanges()
                #expect(PlanRow(record: row.record) == row)
            }
        }
    }

    @Test("the bytes are those that stores already hold")
    func pinned() {
        #expect("\(Digest(hashing: RecordTests.row.record))" == "010a8b8dcc882ecb9b4c172715b1017851b5c4b1e9a3a3b353222127e8e20eee")
        #expect("\(Digest(hashing: RecordTests.run.record))" == "2e48349e25bff4022ef2d9b9a5eb4866ad6c6a68c652fec86b9af74508c94c7d")
    }

    /// What version 2 kept of the row: its reasons and remarks are sentences.
    private static let secondVersion = Hexadecimal.bytes(
        [
            "02000300ff0701ffe788874304c3a46e6e02010700010161010162010001000201000003000004010178010179050106",
            "6163746976650108696e616374697665060a6465706172746d656e740101310101320000020700000500010641646d69",
            "6e7302016101620d000172010900050004636f6465106d65737361676520636f6e666c69637402646f000104636f6465",
            "116d65737361676520756e6465636964656402646f000204636f64650d6d65737361676520647269667402646f010304",
            "636f6465116d6573736167652070726f74656374656402646f000404636f64650f6d657373616765207761726e696e67",
            "02646f00",
        ].joined().utf8)

    /// The row as a reader of earlier versions knows it.
    private static let formerRow: PlanRow = {
        var row = plainRow
        row.changes[0].reason = .legacy("changed upstream")
        row.digestChanges()
        return row
    }()

    @Test("a row that was kept before reasons and remarks were values is read as it was")
    func beforeValues() throws {
        let record = try #require(RecordTests.secondVersion)
        #expect("\(Digest(hashing: record))" == "35b46ff6ec5075686060cd9e30703e7ace3fc20492d0d58e30d322929c525da2")
        #expect(PlanRow(record: record) == RecordTests.formerRow)
        for count in record.indices { #expect(PlanRow(record: Array(record.prefix(count))) == nil) }
    }

    @Test("a row that was kept before rows said what they are about, and changes what they are bound to, is read as it was")
    func firstVersion() throws {
        let now = try #require(RecordTests.secondVersion)
        // Without the octet of the subject, and without one at the end of each of the two changes.
        let places = now.indices.dropFirst(2).filter { now[$0] == 0 }
        var then: [UInt8]?
        for first in places {
            for second in places where second > first {
                var former = now
                former.remove(at: second)
                former.remove(at: first)
                former.removeFirst(2)
                former.insert(1, at: 0)
                if "\(Digest(hashing: former))" == "97c1896528c8b8045bac870a134e9de7f28d2388e867ea9901e325c10d360df5" { then = former }
            }
        }
        let record = try #require(then)
        #expect(PlanRow(record: record) == RecordTests.formerRow)
        var actions: [Action] = []
        let remarks = record.withUnsafeBytes { RowRecord($0)?.forEachChange { actions.append($0.action) } }
        #expect(remarks == Remark.Kind.allCases.count && actions == [.update, .grant])
    }

    /// What version 4 kept of the run: limits and findings of guards are words.
    private static let fourthVersion = Hexadecimal.bytes(
        [
            "04193230323631313036543231323030305a2d346632613963303101feffffffffffffffff0101030107626563617573",
            "650764656661756c74046c646170010a6c6461703a2f2f6f6e6501020304060901046d61726b000c0000010102020303",
            "0404050506060707080809090a0a0b0b0102030405060708090a140001016c0101180002016d0101016c01000002016d",
            "0201016c01000002016d0301016c01000002016d0401016c01000002016d0501016c01000002016d0601016c01000002",
            "016d0701016c01000002016d0801016c01000002016d0901016c01000002016d0a01016c01000002016d0b01016c0100",
            "0002016d0c01016c01000002016d0d01016c01000002016d0e01016c01000002016d0f01016c01000002016d1001016c",
            "01000002016d1101016c01000002016d1201016c01000002016d1301016c01000002016d01039058c6f2c0cb492c533b",
            "0a4d14ef77cc0f78abccced5287d84a1a2011cfb81010005616c69636502036f6e650374776f00",
        ].joined().utf8)

    @Test("a run that was kept before limits and findings were values is read as it was")
    func beforeFindings() throws {
        let record = try #require(RecordTests.fourthVersion)
        #expect("\(Digest(hashing: record))" == "6ff0b9958de8aef8fc139850192bc1dff5a15fa777ec58acdab3d257513c62a7")
        #expect(RunRecord(record: record) == RecordTests.run)
        for count in record.indices { #expect(RunRecord(record: Array(record.prefix(count))) == nil) }
    }

    @Test("a run that was kept before runs said how much was read has read everything")
    func versionTwo() throws {
        // With the actions of then.
        let actions = Action.allCases.indices.flatMap { [UInt8($0), UInt8($0)] }
        // What version 4 added stands at the end.
        let all = Array(try #require(RecordTests.fourthVersion).dropLast())
        let three = [3] + all.dropFirst()
        #expect("\(Digest(hashing: three))" == "b0b79d1bd68c2f7c2f6d16ed097f64b4d4352b375d028c4e8d46174c619258e8")
        #expect(RunRecord(record: three) == RecordTests.run)
        var changed = RecordTests.run
        changed.summary.undecidedActive = 300
        #expect(RunRecord(record: changed.record) == changed)
        let start = try #require(all.indices.first { all[$0...].starts(with: [UInt8(Action.allCases.count)] + actions) })
        var now = Array(all[..<start])
        now.append(10)
        now += actions.prefix(20)
        now += all[(start + actions.count + 1)...]
        // One byte less, and the version before.
        let former = now.indices.dropFirst().lazy.map { [2] + now[1..<$0] + now[($0 + 1)...] }
        let then = former.first { "\(Digest(hashing: Array($0)))" == "d80e4acd2358eedc17a5f6f632b79c2dd03a81aa10d1cf9f8db077c5a56e2b8c" }
        var expected = RecordTests.run
        for action in Action.allCases.dropFirst(10) { expected.summary[action] = 0 }
        #expect(RunRecord(record: try #require(then)) == expected)
        for extent in ReadExtent.allCases {
            var run = RecordTests.run
            run.source.proof?.extent = extent
            #expect(RunRecord(record: run.record) == run)
        }
    }

    @Test("the bytes of what a person did are those that audit logs already hold")
    func deeds() {
        let operation = Operation(actor: "ann (uid 7)", verb: "groups repin", subject: "staff", detail: "cn=a → nothing")
        #expect(operation.record.count == 49 && operation.record.starts(with: [1, 11] + Array("ann (uid 7)".utf8) + [12]))
        #expect("\(Digest(hashing: operation.record))" == "d67fcdf0ddb97f7dbe9a1d423b9524eebb75279f66e51bfbf8b96ae31d1c3b7c")
    }

    @Test("a record cut short anywhere is none")
    func cut() {
        let (row, run) = (RecordTests.row.record, RecordTests.run.record)
        for length in row.indices { #expect(PlanRow(record: Array(row[..<length])) == nil, "\(length)") }
        for length in run.indices { #expect(RunRecord(record: Array(run[..<length])) == nil, "\(length)") }
    }

    @Test("whatever the bytes, decoding ends without a trap and without much memory")
    func fuzz() {
        var random = DirectoryTestRandom(seed: 11)
        for whole in [RecordTests.row.record, RecordTests.run.record] {
            for round in 0..<20_000 {
                var bytes = whole
                if round % 4 == 0 {
                    bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
                }
                for _ in 0..<Int.random(in: 0...6, using: &random) where !bytes.isEmpty {
                    let place = Int.random(in: 0..<bytes.count, using: &random)
                    bytes[place] = Bool.random(using: &random) ? 0xFF : UInt8.random(in: 0...255, using: &random)
                }
                _ = PlanRow(record: bytes)
                _ = RunRecord(record: bytes)
            }
        }
    }

    @Test("a count of 2^62 in a short record neither loops nor allocates")
    func hugeCounts() {
        let huge: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x3F]
        // Version, anchor, no user, label, then so many changes.
        #expect(PlanRow(record: [1, 0, 0, 0] + huge) == nil)
        #expect(PlanRow(record: [1] + huge) == nil)
        #expect(PlanRow(record: [1, 0, 0, 0, 0] + huge) == nil)
        for start: [UInt8] in [[2], [2, 0], [2, 0, 0, 0, 0], [2, 0, 0, 0, 0, 0]] { #expect(PlanRow(record: start + huge) == nil) }
        let whole = RecordTests.run.record
        for place in whole.indices { _ = RunRecord(record: Array(whole[..<place]) + huge + Array(whole[place...])) }
    }
}

extension PlanRow {
    /// Gives the changes the digests that follow from the rest.
    fileprivate mutating func digestChanges() {
        for index in changes.indices {
            let change = changes[index]
            changes[index].digest = ChangeDigest.of(
                change.action, anchor: anchor, userID: userID, fields: change.fields, group: change.group, rule: change.rule,
                isPrivileged: change.isPrivileged, binding: change.binding)
        }
    }
}
