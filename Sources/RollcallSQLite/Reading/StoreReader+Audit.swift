public import RollcallCore

/// What checking the audit log has shown.
public enum AuditVerdict: Hashable, Sendable {
    /// Every event's hash fits: the log as far as it goes.
    case whole(AuditHead)
    /// The first event that does not fit.
    case broken(at: Int64, reason: String)
    /// The chain holds, but it ends before, or otherwise than, the head that was kept elsewhere.
    case cut(AuditHead, expected: AuditHead)
}

extension StoreReader {
    /// What people did beside any run, the newest first; stops when `body` returns `false`.
    public func forEachOperation(_ body: (_ at: Instant, Operation) throws -> Bool) throws {
        let events = try connection.prepare(
            "SELECT at, record FROM audit WHERE kind = \(AuditKind.operation.rawValue) ORDER BY seq DESC")
        while try events.step() {
            guard let operation = Operation(record: events.bytes(1)) else { throw damaged("an event of the audit log") }
            guard try body(Instant(microseconds: events.number(0)), operation) else { return }
        }
    }

    /// Goes through the hash chain from its beginning.
    ///
    /// - Parameter expected: a head printed by an earlier report: the log must still have it.
    public func verifyAudit(against expected: AuditHead?) throws(StoreError) -> AuditVerdict {
        let events = try connection.prepare("SELECT seq, run, kind, at, record, hash FROM audit ORDER BY seq")
        var head = AuditHead(count: 0, hash: AuditHead.beginning)
        let runs = try connection.prepare(
            "SELECT record, last_event, first_event, id, started, finished, outcome, actor, applied FROM runs WHERE seq = ?1")
        var ranges = RunRanges()
        var kept: Int64 = 0
        var met = expected == nil || expected?.count == 0
        while try events.step() {
            let seq = events.number(0)
            guard seq == head.count + 1 else { return .broken(at: head.count + 1, reason: "the event is missing") }
            let hash = AuditChain.hash(
                after: head.hash, seq: seq, run: events.number(1), kind: events.number(2), at: events.number(3), record: events.lent(4))
            guard events.bytes(5) == hash.bytes else { return .broken(at: seq, reason: "the event was changed") }
            head = AuditHead(count: seq, hash: hash)
            if events.number(2) == AuditKind.row.rawValue { ranges.meetRow(of: events.number(1), at: seq) }
            if events.number(2) == AuditKind.run.rawValue {
                kept += 1
                runs.bind(1, events.number(1))
                defer { runs.reset() }
                guard try runs.step(), runs.bytes(0) == events.bytes(4), runs.number(1) == seq else {
                    return .broken(at: seq, reason: "the list of runs does not have this run as it was kept")
                }
                guard let record = RunRecord(record: runs.bytes(0)) else {
                    return .broken(at: seq, reason: "the record of this run does not decode")
                }
                guard record.isListed(as: runs) else {
                    return .broken(at: seq, reason: "the list of runs tells this run otherwise than its record does")
                }
                guard ranges.meetRun(events.number(1), record, at: seq, first: runs.number(2)) else {
                    return .broken(at: seq, reason: "the list of runs does not have the rows of this run as they were kept")
                }
            }
            if let expected, expected.count == seq {
                guard expected.hash == hash else { return .cut(head, expected: expected) }
                met = true
            }
        }
        if try connection.number("SELECT count(*) FROM runs") != kept {
            return .broken(at: head.count + 1, reason: "the list of runs has a run that the log does not")
        }
        if !met, let expected { return .cut(head, expected: expected) }
        return .whole(head)
    }
}

/// Where the rows of each run lie in the log, so far as the log itself tells it.
private struct RunRanges {
    /// The run whose rows are being met, and the first of them.
    private var current: (run: Int64, first: Int64)?
    /// The newest rows that were kept, and the plan that they are.
    private var newest: (first: Int64, plan: Digest?)?

    mutating func meetRow(of run: Int64, at seq: Int64) {
        if current?.run != run { current = (run, seq) }
    }

    /// Whether a run may begin at the event that the list of runs says. A run that found the very rows again that were kept last has none
    /// of its own.
    mutating func meetRun(_ run: Int64, _ record: RunRecord, at seq: Int64, first: Int64) -> Bool {
        defer { current = nil }
        if let current, current.run == run {
            newest = (current.first, record.planDigest)
            return first == current.first
        }
        // The record of a run that ended after its rows were made says nothing of its plan.
        if let newest, newest.plan == nil || newest.plan == record.planDigest || !record.hasCounted {
            return first == newest.first || !record.hasCounted && first == seq
        }
        return first == seq
    }
}

extension RunRecord {
    /// Whether the list of runs tells the run as its record does, in columns 3 to 8.
    fileprivate func isListed(as row: Statement) -> Bool {
        let isApplied = outcome == .applied || outcome == .appliedPartly
        return row.text(3).string == id.description && row.number(4) == started.microseconds && row.number(5) == finished.microseconds
            && row.text(6).string == outcome.rawValue && row.text(7) == actor && (!isApplied || row.number(8) == 1)
    }

    /// Whether the record says of itself that there are rows.
    fileprivate var hasCounted: Bool {
        summary.changes + summary.drift + summary.conflict + summary.undecided + summary.protected + summary.warnings > 0
    }
}
