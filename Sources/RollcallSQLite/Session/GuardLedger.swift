internal import RollcallCore

/// What guards count within a window: of each applied run the changes that nobody approved, and how much larger snapshots were.
///
/// A row says how many of what (`counted`), about what (`subject`: a permission group or an attribute, else empty).
struct GuardLedger {
    private enum Counted: String {
        case deactivations, reactivations, creations, identifiers, revocations
        case privilegedGrants = "privileged_grants"
        case privilegedIdentifiers = "privileged_identifiers"
        case adoptions
        case users, groups
        case lost
    }

    private let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// The sums over all rows since `start`.
    func totals(since start: Instant) throws(StoreError) -> WindowTotals {
        var totals = WindowTotals()
        let rows = try connection.prepare(
            "SELECT counted, subject, sum(count), max(count) FROM guard_ledger WHERE source = 1 AND at >= ?1 GROUP BY counted, subject")
        rows.bind(1, start.microseconds)
        while try rows.step() {
            let sum = Int(rows.number(2))
            switch Counted(rawValue: rows.text(0).string) {
            case .deactivations: totals.changes.deactivations = sum
            case .reactivations: totals.changes.reactivations = sum
            case .creations: totals.changes.creations = sum
            case .identifiers: totals.changes.identifiers = sum
            case .revocations: totals.changes.revocations[rows.text(1)] = sum
            case .privilegedGrants: totals.changes.privilegedGrants = sum
            case .privilegedIdentifiers: totals.changes.privilegedIdentifiers = sum
            case .adoptions: totals.changes.adoptions = sum
            case .lost: totals.attributesLost[rows.text(1)] = sum
            case .users: totals.users = Int(rows.number(3))
            case .groups: totals.groups = Int(rows.number(3))
            case nil: continue
            }
        }
        return totals
    }

    /// Adds what one run has applied, and forgets what no window from here on reaches.
    ///
    /// What a person approved is not counted, and what was read then is the measure from then on.
    ///
    /// - Parameters:
    ///   - passed: the changes that nobody approved; `nil` when all of the plan was.
    ///   - permitted: how many changes each guard let pass that holds what it names.
    ///   - former: what the last applied snapshot had.
    func add(
        _ run: RunRecord, number: Int64, passed: GuardTally?, permitted: [GuardName: Int], lost: [AttributeLoss], former: Baseline,
        window: Span
    ) throws(StoreError) {
        let forget = try connection.prepare("DELETE FROM guard_ledger WHERE source = 1 AND at < ?1")
        try forget.bind(1, (run.started - window).microseconds).run()
        let insert = try connection.prepare(
            """
            INSERT INTO guard_ledger (source, at, run, counted, subject, count) VALUES (1, ?1, ?2, ?3, ?4, ?5)
            """)
        func add(_ counted: Counted, of subject: Text = .empty, _ count: Int) throws(StoreError) {
            if count == 0 { return }
            insert.bind(1, run.started.microseconds).bind(2, number).bind(3, text: Text(counted.rawValue)).bind(4, text: subject)
                .bind(5, count)
            try insert.run()
        }
        if run.isApproved {
            try connection.execute("DELETE FROM guard_ledger WHERE source = 1 AND counted IN ('users', 'groups', 'lost')")
        }
        if let passed {
            try add(.deactivations, passed.deactivations)
            try add(.reactivations, passed.reactivations)
            try add(.creations, passed.creations)
            try add(.identifiers, passed.identifiers)
            try add(.privilegedGrants, permitted[.privilegedGrant] ?? 0)
            try add(.privilegedIdentifiers, permitted[.privilegedIdentifier] ?? 0)
            try add(.adoptions, permitted[.adoption] ?? 0)
            for (group, count) in passed.revocations.sorted(by: { $0.key < $1.key }) { try add(.revocations, of: group, count) }
            for loss in lost where !run.isApproved { try add(.lost, of: loss.attribute, loss.lost) }
        }
        // The last applied snapshot is the measure anyway; one that was larger is remembered from the run on that read less.
        if let proof = run.source.proof, !run.isApproved {
            if let users = former.users, users > proof.users { try add(.users, users) }
            if let groups = former.groups, groups > proof.groups { try add(.groups, groups) }
        }
    }
}
