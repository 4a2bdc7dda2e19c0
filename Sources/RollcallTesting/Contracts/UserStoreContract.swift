internal import RollcallCore

/// What every store must do, in cases that each start from a store that does not exist.
public struct UserStoreContract {
    /// One case: its name as a sentence, and what it does.
    public struct Case: Sendable, CustomStringConvertible {
        public let description: String
        let body: @Sendable (inout UserStoreContract) throws -> Void

        init(_ description: String, _ body: @escaping @Sendable (inout UserStoreContract) throws -> Void) {
            self.description = description
            self.body = body
        }

        /// Runs the case against a fresh store.
        public func run(_ store: any ContractStore) throws {
            var contract = try UserStoreContract(store)
            try body(&contract)
        }
    }

    /// Every case.
    public static let cases = runCases + accountCases + freedCases + nameCases + groupCases + pinCases + markCases + linkCases

    let kept: any ContractStore
    var rules: RuleSettings
    var people: [MemoryPerson] = []
    var groups: [MemoryGroup] = []
    /// What a look-up shows of whoever is missing.
    var absence = Absence.gone
    var approves = true
    var skipsNothing = false
    var watermark = "mark"
    private(set) var time: Int64 = 1_794_000_000

    private init(_ store: any ContractStore) throws {
        kept = store
        var mapping = AttributeMapping(
            anchor: AttributeName(known: "entryUUID"), username: FieldSource([.attribute(AttributeName(known: "uid"))]))
        mapping.email = FieldSource([.attribute(AttributeName(known: "mail"))])
        mapping.displayName = FieldSource([.attribute(AttributeName(known: "cn"))])
        mapping.extra = [ExtraField(name: "department", source: FieldSource([.attribute(AttributeName(known: "ou"))]))]
        rules = RuleSettings(attributes: mapping)
        rules.lifecycle.username = .rename
        let ended = "(employeeType=ended)"
        rules.status = [StatusRule(test: .when(.ldap(try Filter(parsing: ended))), outcome: .inactive, text: ended)]
        rules.permissionGroups = [PermissionGroup(name: "Administrators", isPrivileged: true, permissions: ["*"])]
    }

    /// A person called `name` with the email `name@x`.
    static func person(_ name: String, _ more: KeyValuePairs<String, [String]> = [:]) -> MemoryPerson {
        var person = MemoryPerson("uid=\(name),ou=people", ["entryUUID": ["id-\(name)"], "uid": [name], "mail": ["\(name)@x"]])
        for (attribute, values) in more { person[attribute] = values }
        return person
    }

    /// What one pass brought.
    struct Pass {
        var totals: PlanTotals
        var settlement: Settlement
        var rows: [PlanRow]
        var head: AuditHead

        var changes: [String] {
            rows.filter { $0.subject == .entry }.flatMap { row in
                row.changes.map { "\($0.action.rawValue) \(row.label)" + ($0.group.map { " \($0)" } ?? "") }
            }
        }
        var remarks: [String] { rows.flatMap { row in row.remarks.map { "\($0.kind.rawValue) \($0.code) \(row.label)" } } }
    }

    /// Opens a session, stages what is upstream, settles it, and shows the session before anything is planned.
    mutating func begin(_ mode: StoreMode) throws -> (session: any StoreSession, settlement: Settlement) {
        time += 60
        let evaluator = Evaluator(rules: rules)
        let session = try kept.store.begin(
            mode, evaluator,
            SessionOptions(
                now: Instant(unixSeconds: time), rulesDigest: Digest(hashing: Array("\(rules)".utf8)), skipsNothing: skipsNothing))
        do {
            try session.stage(EntryBatch(groups: groups.map(GroupEntry.init)))
            for person in people {
                let entry = Entry(person, evaluator.layout)
                let rejected = person.defect.map { [RejectedEntry(anchor: entry.anchor, subject: Text(person.dn), reason: $0)] }
                try session.stage(EntryBatch(users: rejected == nil ? [entry] : [], rejected: rejected ?? []))
            }
            let settlement = try session.settle(proof)
            try session.note(session.orphans(limit: .max, exceptMoved: false).map { ($0, absence) })
            return (session, settlement)
        } catch {
            session.close()
            throw error
        }
    }

    var proof: ReadProof {
        let rejected = people.filter { $0.defect != nil }.count
        return ReadProof(
            server: "memory", users: people.count - rejected, groups: groups.count, rejected: rejected, pages: 1, result: 0,
            watermark: watermark)
    }

    /// The record of a run of this time.
    func record(_ mode: RunRecord.Mode, _ outcome: RunRecord.Outcome) -> RunRecord {
        let started = Instant(unixSeconds: time)
        var record = RunRecord(
            id: RunID(started: started, random: 1), started: started, mode: mode, source: SourceFacts(type: "ldap", proof: proof),
            actor: "tester")
        record.outcome = outcome
        return record
    }

    /// One whole pass that applies, or keeps what it found.
    mutating func pass(_ mode: StoreMode = .apply, applies: Bool = true, holdsLastHolders: Bool = true) throws -> Pass {
        let (session, settlement) = try begin(mode)
        defer { session.close() }
        let totals = try session.plan(Planner(rules: rules, at: Instant(unixSeconds: time)), approval: approves ? .everything : .nothing)
        if holdsLastHolders, !totals.lastHolders.endangered.isEmpty { _ = try session.hold(losing: totals.lastHolders.endangered) }
        let head: AuditHead
        if mode == .apply, applies {
            head = try session.apply(record(.apply, .applied))
        } else {
            head = try session.keep(record(mode == .dryRun ? .plan : .apply, mode == .dryRun ? .pending : .held))
        }
        return Pass(totals: totals, settlement: settlement, rows: try UserStoreContract.rows(of: session), head: head)
    }

    static func rows(of plan: any PlanRows) throws -> [PlanRow] {
        var rows: [PlanRow] = []
        try plan.forEachRow { row in
            rows.append(row)
            return true
        }
        return rows
    }

    /// Changes the values of the person called `name` at first.
    mutating func change(_ name: String, _ attribute: String, _ values: [String]) {
        guard let place = people.firstIndex(where: { $0["entryUUID"] == ["id-\(name)"] }) else { return }
        people[place][attribute] = values
    }

    func expect(_ truth: Bool, _ what: String, _ details: Any...) throws {
        if !truth { throw ContractFailure(([what] + details.map { "\($0)" }).joined(separator: "\n")) }
    }

    func expect<Value: Equatable>(_ left: Value, _ right: Value, _ what: String) throws {
        if left != right { throw ContractFailure("\(what):\n\(left)\n\(right)") }
    }
}
