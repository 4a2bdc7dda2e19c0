import Testing

@testable import RollcallCore

@Suite("Who may approve, and who they are")
struct ApproverRuleTests {
    private static let alice = SystemUser(name: "alice", number: 1000)
    private static let root = SystemUser(name: "root", number: 0)
    private static let operators = [Operator(login: "alice", user: "asmith"), Operator(login: "bob", user: "bjones")]

    @Test("without operators everybody may, as the account that is called so")
    func everybody() throws {
        let approver = try #require(Approver(ApproverRuleTests.alice, claimed: nil, operators: []))
        #expect(approver.name == "alice (uid 1000)" && approver.shortName == "alice" && approver.finding == nil && !approver.isRoot)
        #expect(approver.owns("ALICE") && !approver.owns("asmith"))
        let nameless = try #require(Approver(SystemUser(name: nil, number: 7), claimed: nil, operators: []))
        #expect(nameless.name == "(uid 7)" && nameless.shortName == "uid 7" && nameless.accounts.isEmpty)
    }

    @Test("with operators only they may, as the account that the config names, and root with a finding")
    func operators() throws {
        let operators = ApproverRuleTests.operators
        let approver = try #require(Approver(ApproverRuleTests.alice, claimed: nil, operators: operators))
        #expect(approver.owns("asmith") && !approver.owns("alice") && approver.finding == nil)
        #expect(Approver(SystemUser(name: "mallory", number: 1), claimed: ApproverRuleTests.alice, operators: operators) == nil)
        #expect(Approver(SystemUser(name: nil, number: 1), claimed: nil, operators: operators) == nil)
        let root = try #require(Approver(ApproverRuleTests.root, claimed: nil, operators: operators))
        #expect(root.isRoot && root.name == "root (uid 0), no operator")
        #expect(root.finding == "approved by root (uid 0), no operator: the config's operators do not name root")
        let named = try #require(
            Approver(ApproverRuleTests.root, claimed: nil, operators: operators + [Operator(login: "root", user: "r")]))
        #expect(named.finding == nil && named.owns("r"))
    }

    @Test("whom sudo names is told, and is one's own too")
    func claimed() throws {
        let root = try #require(Approver(ApproverRuleTests.root, claimed: ApproverRuleTests.alice, operators: ApproverRuleTests.operators))
        #expect(root.name == "root (uid 0), by sudo for alice (uid 1000), no operator" && root.shortName == "alice")
        #expect(root.owns("asmith") && root.owns("root"))
    }

    @Test("a name becomes one word of a shell")
    func shellWords() {
        for (text, word) in [
            ("alice", "alice"), ("a b", "'a b'"), ("o'hara", "'o'\\''hara'"), ("$(x)", "'$(x)'"), ("", "''"), ("-rf", "-- '-rf'"),
        ] as [(Text, String)] {
            #expect(text.shellWord == word)
        }
        #expect(Anchor([0xFF, 1]).shellWord == "0xff01")
        #expect(Anchor.described(as: "0xff01") == [Anchor("0xff01".utf8), Anchor([0xFF, 1])])
        #expect(Anchor.described(as: "0xf") == [Anchor("0xf".utf8)])
    }

    @Test("an operation comes back from its bytes, which are those that stores already hold")
    func operationRecord() {
        let operation = Operation(actor: "alice (uid 1000)", verb: "users hold", subject: "änn", detail: "active → inactive, held here")
        #expect(Operation(record: operation.record) == operation)
        #expect("\(Digest(hashing: operation.record))" == "8a43d847644b26a53be0248dd677104b1cad54f9a797baf3a97302c42ed80a93")
        for count in operation.record.indices { #expect(Operation(record: Array(operation.record.prefix(count))) == nil) }
        #expect(Operation(record: [2] + operation.record.dropFirst()) == nil)
    }

    @Test("a remark's standing survives its record, and older records have none that is acknowledged")
    func standing() {
        var row = PlanRow(anchor: Anchor([1]), userID: 1, label: "ann")
        row.remarks = [
            Remark(.usernameKept("m")), Remark(.usernameKept("n"), isNew: false), Remark(.unusable("o"), isNew: false),
        ]
        row.remarks[2].isAcknowledged = true
        #expect(PlanRow(record: row.record) == row)
        #expect(row.acknowledged == row.remarks[2].mark.bytes)
    }
}
