internal import RollcallCore

/// What is held stays held until a person approves it or upstream no longer asks for it, whatever the guards' numbers come to meanwhile.
extension SQLiteSession {
    func holdWaiting() throws(StoreError) -> WaitingChanges {
        var waiting = WaitingChanges()
        let held = HeldChangeList(connection)
        if try held.isEmpty { return waiting }
        let find = try HeldChangeFinder(connection)
        let select = try connection.prepare("SELECT seq, row, losses, approved FROM temp.plan WHERE row IS NOT NULL ORDER BY seq")
        let update = try connection.prepare("UPDATE temp.plan SET row = ?2, losses = ?3, held = 1 WHERE seq = ?1")
        while try select.step() {
            guard var row = PlanRow(record: select.bytes(1)) else { throw damaged() }
            var losses = select.bytes(2).split(separator: 0).compactMap { Text($0) }
            let approved = select.digests(3)
            var isHeld = false
            for index in row.changes.indices where !approved.contains(row.changes[index].digest) {
                let change = row.changes[index]
                let found = try find.holds(of: change, in: row)
                let isRejected = found.changes?.guardName == .rejection
                if approval == .everything {
                    if isRejected { waiting.rejected += 1 }
                    if found.changes != nil || !found.whole.isEmpty { waiting.approved += 1 }
                    continue
                }
                // A person has decided about a rejected change, so the plan does not wait for it.
                if !isRejected { for name in found.whole { waiting.plan[name, default: 0] += 1 } }
                guard let key = found.changes else { continue }
                if change.heldBy == nil || key.guardName == .rejection {
                    row.changes[index].heldBy = key.guardName
                    isHeld = true
                    if change.heldBy == nil {
                        waiting.held += 1
                        keep(change, &losses, &waiting)
                        if key.guardName.tallies(change), let count = permitted[key.guardName] {
                            permitted[key.guardName] = max(count - 1, 0)
                        }
                    }
                }
                if row.changes[index].heldBy == key.guardName { waiting.changes[key, default: 0] += 1 }
            }
            if isHeld { try update.bind(1, select.number(0)).bind(2, row.record).bind(3, losses.packed).run() }
        }
        return waiting
    }

    /// Takes back that a held change takes privileged groups from its user.
    private func keep(_ change: Change, _ losses: inout [Text], _ waiting: inout WaitingChanges) {
        let kept = losses.filter { change.action.endsAccess || (change.action == .revoke && $0 == change.group) }
        losses.removeAll { kept.contains($0) }
        waiting.kept += kept
    }

    /// Keeps what guards hold now, and forgets what was approved or is no longer wanted.
    func keepHeldChanges(_ run: RunRecord, number: Int64) throws(StoreError) {
        let isPlanHeld = run.guards.contains { $0.verdict == .held && $0.reach == .plan }
        let list = HeldChangeList(connection)
        if try list.isEmpty, run.summary.held == 0, !isPlanHeld { return }
        let holding =
            isPlanHeld
            ? Set(run.guards.filter { $0.verdict == .held && $0.reach == .plan }.map(\.guardName)).sorted { $0.rawValue < $1.rawValue } : []
        let absence = AbsenceEffects(of: goneAttributes, in: evaluator.rules)
        let writer = try HeldChangeWriter(connection, run: number)
        let select = try connection.prepare("SELECT row, approved FROM temp.plan WHERE row IS NOT NULL ORDER BY seq")
        while try select.step() {
            guard let row = PlanRow(record: select.bytes(0)) else { throw damaged() }
            let approved = select.digests(1)
            for change in row.changes {
                let passes = change.heldBy == nil && !isPlanHeld && run.outcome != .held
                if passes {
                    try writer.forget(change, in: row)
                    continue
                }
                try writer.see(change, in: row)
                // Approved or rejected, it waits by itself from now on: for another holder, for another approver, for good.
                if change.heldBy == .rejection || (run.isApproved && (approval == .everything || approved.contains(change.digest))) {
                    try writer.endWhole(change, in: row)
                }
                for name in holding where change.heldBy == nil && name.counts(change, absence: absence) {
                    try writer.keep(change, HoldKey(name), whole: true)
                }
                guard let name = change.heldBy, name.remembersChanges || name.doubtsReading else { continue }
                try writer.keep(change, name.key(for: change), whole: false)
            }
        }
        let links = basis.baseline.links
        try writer.finish(at: run.started) { key in
            switch key.guardName {
            case .groupRevocations: ruledHolders[key.subject]
            case .anchorsChanged: links
            default: run.guards.first { $0.guardName == key.guardName && $0.verdict == .held }?.whole
            }
        }
    }

}

extension GuardName {
    /// What a guard of this name that holds `change` is remembered under.
    fileprivate func key(for change: Change) -> HoldKey {
        HoldKey(self, self == .groupRevocations ? change.group ?? .empty : .empty)
    }
}

/// The changes that guards have held and persons have rejected.
struct HeldChangeList {
    private let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// Whether nothing is held or rejected, as in most stores at most times.
    var isEmpty: Bool {
        get throws(StoreError) {
            try connection.number(
                """
                SELECT EXISTS (SELECT 1 FROM held_changes) OR EXISTS (SELECT 1 FROM rejected_changes)
                OR EXISTS (SELECT 1 FROM guard_holds)
                """) == 0
        }
    }

    /// The baselines of the guards that hold.
    func baselines() throws(StoreError) -> [HoldKey: Int] {
        let select = try connection.prepare("SELECT guard, subject, baseline FROM guard_holds WHERE source = 1 AND baseline IS NOT NULL")
        var baselines: [HoldKey: Int] = [:]
        while try select.step() {
            guard let name = GuardName(rawValue: select.text(0).string) else { continue }
            baselines[HoldKey(name, select.text(1))] = Int(clamping: select.number(2))
        }
        return baselines
    }

    /// The changes that a person has rejected.
    func rejected() throws(StoreError) -> Set<Digest> {
        let select = try connection.prepare("SELECT digest FROM rejected_changes WHERE source = 1")
        var rejected: Set<Digest> = []
        while try select.step() { rejected.formUnion(select.digests(0)) }
        return rejected
    }

    /// Keeps that a person has rejected some changes.
    func reject(_ digests: [Digest], by actor: Text, at time: Instant) throws(StoreError) {
        let insert = try connection.prepare(
            "INSERT OR REPLACE INTO rejected_changes (source, digest, rejected_by, rejected_at) VALUES (1, ?1, ?2, ?3)")
        for digest in digests { try insert.bind(1, digest).bind(2, text: actor).bind(3, time.microseconds).run() }
    }
}

/// Finds what has held a change before.
private struct HeldChangeFinder {
    private let held: Statement
    private let rejected: Statement

    init(_ connection: Connection) throws(StoreError) {
        held = try connection.prepare(
            "SELECT guard, subject, whole FROM held_changes WHERE source = 1 AND digest = ?1 ORDER BY guard, subject")
        rejected = try connection.prepare("SELECT 1 FROM rejected_changes WHERE source = 1 AND digest = ?1")
    }

    /// The guards that held the change with the whole plan, and the one that held the change itself.
    func holds(of change: Change, in row: PlanRow) throws(StoreError) -> (whole: [GuardName], changes: HoldKey?) {
        var whole: [GuardName] = []
        var changes: HoldKey?
        for digest in change.digests(in: row) {
            rejected.bind(1, digest)
            let isRejected = try rejected.step()
            rejected.reset()
            if isRejected { changes = HoldKey(.rejection) }
            held.bind(1, digest)
            defer { held.reset() }
            while try held.step() {
                guard let name = GuardName(rawValue: held.text(0).string) else { continue }
                if held.number(2) != 0 { whole.append(name) } else if changes == nil { changes = HoldKey(name, held.text(1)) }
            }
        }
        return (whole, changes)
    }
}

/// Keeps which changes are held.
private struct HeldChangeWriter {
    private let connection: Connection
    private let run: Int64
    private let insert: Statement
    private let seen: Statement
    private let delete: Statement
    private let deleteWhole: Statement
    private let deleteRejection: Statement

    init(_ connection: Connection, run: Int64) throws(StoreError) {
        self.connection = connection
        self.run = run
        insert = try connection.prepare(
            """
            INSERT INTO held_changes (source, digest, guard, subject, whole, seen) VALUES (1, ?1, ?2, ?3, ?4, ?5)
            ON CONFLICT DO UPDATE SET seen = excluded.seen, whole = excluded.whole
            """)
        seen = try connection.prepare("UPDATE held_changes SET seen = ?2 WHERE source = 1 AND digest = ?1")
        delete = try connection.prepare("DELETE FROM held_changes WHERE source = 1 AND digest = ?1")
        deleteWhole = try connection.prepare("DELETE FROM held_changes WHERE source = 1 AND digest = ?1 AND whole")
        deleteRejection = try connection.prepare("DELETE FROM rejected_changes WHERE source = 1 AND digest = ?1")
    }

    /// A change that is carried out: it was approved, or never held.
    func forget(_ change: Change, in row: PlanRow) throws(StoreError) {
        for digest in change.digests(in: row) {
            try delete.bind(1, digest).run()
            try deleteRejection.bind(1, digest).run()
        }
    }

    /// A change that upstream still asks for.
    func see(_ change: Change, in row: PlanRow) throws(StoreError) {
        for digest in change.digests(in: row) { try seen.bind(1, digest).bind(2, run).run() }
    }

    /// A change for which the plan as a whole no longer waits.
    func endWhole(_ change: Change, in row: PlanRow) throws(StoreError) {
        for digest in change.digests(in: row) { try deleteWhole.bind(1, digest).run() }
    }

    func keep(_ change: Change, _ key: HoldKey, whole: Bool) throws(StoreError) {
        insert.bind(1, change.digest).bind(2, text: Text(key.guardName.rawValue)).bind(3, text: key.subject).bind(4, whole).bind(5, run)
        try insert.run()
    }

    /// Ends the holds of which nothing is wanted any more, and begins new ones with the baseline of now.
    func finish(at time: Instant, _ baseline: (HoldKey) -> Int?) throws(StoreError) {
        let ended = try connection.prepare(
            """
            DELETE FROM held_changes WHERE source = 1 AND NOT EXISTS (
                SELECT 1 FROM held_changes h WHERE h.source = 1 AND h.guard = held_changes.guard AND h.subject = held_changes.subject
                AND h.seen = ?1)
            """)
        try ended.bind(1, run).run()
        try connection.execute(
            """
            DELETE FROM guard_holds WHERE source = 1 AND NOT EXISTS (
                SELECT 1 FROM held_changes h WHERE h.source = 1 AND h.guard = guard_holds.guard AND h.subject = guard_holds.subject)
            """)
        let new = try connection.prepare(
            """
            SELECT DISTINCT guard, subject FROM held_changes h WHERE source = 1 AND NOT EXISTS (
                SELECT 1 FROM guard_holds g WHERE g.source = 1 AND g.guard = h.guard AND g.subject = h.subject)
            """)
        var keys: [HoldKey] = []
        while try new.step() {
            if let name = GuardName(rawValue: new.text(0).string) { keys.append(HoldKey(name, new.text(1))) }
        }
        let begin = try connection.prepare(
            "INSERT INTO guard_holds (source, guard, subject, baseline, since) VALUES (1, ?1, ?2, ?3, ?4)")
        for key in keys {
            begin.bind(1, text: Text(key.guardName.rawValue)).bind(2, text: key.subject).bind(3, baseline(key).map { Int64($0) })
                .bind(4, time.microseconds)
            try begin.run()
        }
    }
}

extension Change {
    /// The digests under which the change may have been held: its own, and the one that it had before its account was made.
    fileprivate func digests(in row: PlanRow) -> [Digest] {
        let former = row.subject == .entry ? digestOfNewcomer(in: row) : digest
        return former == digest ? [digest] : [digest, former]
    }
}
