public import RollcallCore

/// A run that has ended, with its rows still at hand for a report.
public struct FinishedRun {
    public let record: RunRecord
    /// Where the audit log ends; `nil` when the store could not be opened.
    public let auditHead: AuditHead?
    /// What the plan was made of; `nil` when the run did not come to one.
    public let basis: StoreBasis?
    /// Whether the run failed because another applier holds the lock.
    public let isLockedOut: Bool
    /// Whether the run failed in a way that may pass without anybody's doing.
    public let isTransient: Bool
    /// Whether the store now knows that the source is in quarantine, because this run was the last straw.
    public internal(set) var keptQuarantine = false
    /// The record's reason without whom it names; `nil` when it names nobody.
    var impersonalReason: String?
    /// What settling the reading has shown; `nil` when there was no whole reading.
    public internal(set) var settlement: Settlement?
    /// The plan's rows; none after a failure.
    public let rows: any PlanRows
    private let session: (any StoreSession)?

    init(
        record: RunRecord, auditHead: AuditHead?, basis: StoreBasis? = nil, isLockedOut: Bool = false,
        isTransient: Bool = false, session: (any StoreSession)?, hasRows: Bool
    ) {
        self.record = record
        self.auditHead = auditHead
        self.basis = basis
        self.isLockedOut = isLockedOut
        self.isTransient = isTransient
        self.session = session
        rows = hasRows ? (session ?? NoRows() as any PlanRows) : NoRows()
    }

    /// Releases the store.
    public func close() {
        session?.close()
    }
}

extension FinishedRun {
    /// Why the run ended so, for a log or a status that others read: whom the record's reason names is left out.
    public var publicReason: String? {
        let holding = record.guards.filter { $0.verdict == .held && $0.reach == .plan }
        let failed = holding.first?.guardName == .expect ? holding.count { $0.guardName == .expect } : 0
        let names: String? =
            if let impersonalReason {
                impersonalReason
            } else if failed > 0, record.outcome == .held {
                "\(failed) expectation\(failed == 1 ? " fails" : "s fail")"
            } else {
                nil
            }
        return names.map { "\($0); see `rollcall report \(record.id)`" } ?? record.reason
    }
}

/// A plan without rows.
public struct NoRows: PlanRows {
    public init() {}

    public func forEachRow(_ body: (PlanRow) throws -> Bool) throws {}
}
