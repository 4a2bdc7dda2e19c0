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
        case permissionChanges = "permission_changes"
        case users, groups
        case lost
    }

    private let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// How long rows are kept at least, whatever window config sets meanwhile.
    private static let shortestMemory = Span(seconds: 7 * 86_400)

    /// Where the ledger's time line is at a moment of these clocks.
    private func place(_ clocks: ClockReading) throws(StoreError) -> Instant {
        let kept = try connection.prepare("SELECT elapsed, wall, source_clock, boot, boot_time FROM ledger_clock WHERE source = 1")
        guard try kept.step() else { return .epoch }
        var former = ClockReading(
            wall: Instant(microseconds: kept.number(1)), source: kept.optionalNumber(2).map { Instant(microseconds: $0) })
        if let boot = kept.optionalText(3) { former.boot = BootReading(boot: boot, microseconds: kept.number(4)) }
        return Instant(microseconds: kept.number(0)).adding(microseconds: clocks.elapsed(since: former))
    }

    /// The sums over all rows of a window that ends at a moment of these clocks.
    func totals(of window: Span, at clocks: ClockReading) throws(StoreError) -> WindowTotals {
        let start = try place(clocks) - window
        var totals = WindowTotals()
        let rows = try connection.prepare(
            "SELECT counted, subject, CAST(total(count) AS INTEGER), max(count) FROM guard_ledger WHERE source = 1 AND elapsed >= ?1 GROUP BY counted, subject"
        )
        rows.bind(1, start.microseconds)
        while try rows.step() {
            let sum = Int(count: rows.number(2))
            switch Counted(rawValue: rows.text(0).string) {
            case .deactivations: totals.changes.deactivations = sum
            case .reactivations: totals.changes.reactivations = sum
            case .creations: totals.changes.creations = sum
            case .identifiers: totals.changes.identifiers = sum
            case .revocations: totals.changes.revocations[rows.text(1)] = sum
            case .privilegedGrants: totals.changes.privilegedGrants = sum
            case .privilegedIdentifiers: totals.changes.privilegedIdentifiers = sum
            case .adoptions: totals.changes.adoptions = sum
            case .permissionChanges: totals.changes.permissionChanges = sum
            case .lost: totals.attributesLost[rows.text(1)] = sum
            case .users: totals.users = Int(count: rows.number(3))
            case .groups: totals.groups = Int(count: rows.number(3))
            case nil: continue
            }
        }
        return totals
    }

    /// Adds what one run has applied, and forgets what no window from here on reaches.
    ///
    /// What a person approved is not counted. Approving that the reading shrank, or that attributes are gone, makes what was read then
    /// the measure for that from then on.
    ///
    /// - Parameters:
    ///   - passed: the changes that nobody approved; `nil` when all of the plan was.
    ///   - permitted: how many changes each guard let pass that holds what it names.
    ///   - gone: the attributes that the plan was held for.
    ///   - absences: how many users were missing from the reading by a person's approval; by so many the measures are less.
    ///   - former: what the last applied snapshot had.
    func add(
        _ run: RunRecord, number: Int64, at clocks: ClockReading, passed: GuardTally?, permitted: [GuardName: Int],
        lost: [AttributeLoss], gone: [Text], absences: Int, former: Baseline, window: Span
    ) throws(StoreError) {
        let now = try place(clocks)
        try keep(clocks, at: now)
        let forget = try connection.prepare("DELETE FROM guard_ledger WHERE source = 1 AND elapsed < ?1")
        try forget.bind(1, (now - max(window, GuardLedger.shortestMemory)).microseconds).run()
        let insert = try connection.prepare(
            """
            INSERT INTO guard_ledger (source, at, run, counted, subject, count, elapsed) VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)
            """)
        let approved = Set(run.guards.filter { $0.verdict == .approved }.map(\.guardName))
        let approvedLosses = approved.contains(.attributeGone) ? Set(gone) : []
        func add(_ counted: Counted, of subject: Text = .empty, _ count: Int) throws(StoreError) {
            if count == 0 { return }
            insert.bind(1, run.started.microseconds).bind(2, number).bind(3, text: Text(counted.rawValue)).bind(4, text: subject)
                .bind(5, count).bind(6, now.microseconds)
            try insert.run()
        }
        if approved.contains(.shrink) {
            try connection.execute("DELETE FROM guard_ledger WHERE source = 1 AND counted IN ('users', 'groups')")
        }
        let forgetLosses = try connection.prepare("DELETE FROM guard_ledger WHERE source = 1 AND counted = 'lost' AND subject = ?1")
        for attribute in approvedLosses.sorted() { try forgetLosses.bind(1, text: attribute).run() }
        if let passed {
            try add(.deactivations, passed.deactivations)
            try add(.reactivations, passed.reactivations)
            try add(.creations, passed.creations)
            try add(.identifiers, passed.identifiers)
            try add(.privilegedGrants, permitted[.privilegedGrant] ?? 0)
            try add(.privilegedIdentifiers, permitted[.privilegedIdentifier] ?? 0)
            try add(.adoptions, permitted[.adoption] ?? 0)
            try add(.permissionChanges, permitted[.permissionChanges] ?? 0)
            for (group, count) in passed.revocations.sorted(by: { $0.key < $1.key }) { try add(.revocations, of: group, count) }
        }
        for loss in lost where !approvedLosses.contains(loss.attribute) { try add(.lost, of: loss.attribute, loss.lost) }
        // The last applied snapshot is the measure anyway; one that was larger is remembered from the run on that read less.
        if let proof = run.source.proof, !approved.contains(.shrink) {
            if absences > 0 {
                let lessen = try connection.prepare(
                    "UPDATE guard_ledger SET count = max(count - ?1, 0) WHERE source = 1 AND counted = 'users'")
                try lessen.bind(1, absences).run()
            }
            if let users = former.users, users - absences > proof.users { try add(.users, users - absences) }
            if let groups = former.groups, groups > proof.groups { try add(.groups, groups) }
        }
    }

    private func keep(_ clocks: ClockReading, at now: Instant) throws(StoreError) {
        let keep = try connection.prepare(
            """
            INSERT OR REPLACE INTO ledger_clock (source, elapsed, wall, source_clock, boot, boot_time) VALUES (1, ?1, ?2, ?3, ?4, ?5)
            """)
        keep.bind(1, now.microseconds).bind(2, clocks.wall.microseconds).bind(3, clocks.source?.microseconds)
            .bind(4, text: clocks.boot?.boot).bind(5, clocks.boot?.microseconds)
        try keep.run()
    }
}
