import RollcallCore

/// What hangs on the people behind a run: somebody who paused it, and the one who approves.
extension Run {
    /// Ends a run of a paused source before anything is read.
    func held(by pause: Pause, _ start: RunRecord, _ session: any StoreSession) throws -> FinishedRun {
        var record = start
        record.guards = [
            GuardResult(.paused, reach: .plan, limit: .always, observed: 1, verdict: .held, .paused)
        ]
        record.finish(.held, pause.sentence, at: environment.clock())
        return try kept(record, session)
    }

    /// What is to be said of the people behind the run beside its plan.
    func findings(_ basis: StoreBasis) -> [Text] {
        let pause = basis.pause.map { Text("\($0.sentence); `apply` changes nothing until `rollcall resume`") }
        let finding = request.consent.isApproval ? request.approver?.finding : nil
        let earlier =
            basis.isOfEarlierVersion ? Text("the store is of an earlier version; the next run that applies brings it up to date") : nil
        let handedOver =
            basis.handedOver == 0
            ? nil
            : Text(
                basis.handedOver == 1
                    ? "1 account was linked to another entry by `reanchor`: what it gains by that waits for a person"
                    : "\(basis.handedOver) accounts were linked to other entries by `reanchor`: what they gain by that waits for a person")
        return [pause, finding, earlier, handedOver].compactMap { $0 } + basis.nameConflicts.warnings
    }

    /// Leaves to somebody else what the approver has approved of their own access; root's approval stands and is told.
    func leaveOwnAccess(
        _ totals: inout PlanTotals, _ record: inout RunRecord, _ session: any StoreSession, _ approval: PlanApproval,
        _ waiting: WaitingChanges
    ) throws {
        guard let approver = request.approver, approval != .nothing else { return }
        var count = totals.ownAccess
        // A plan that is approved as a whole has changes that nothing holds but a guard on all of it, or a hold of an earlier run.
        let isWhole = record.guards.contains { $0.verdict == .held && $0.reach == .plan }
        if approval == .everything, isWhole || waiting.approved > 0 {
            let hold = try session.holdOwnAccess()
            count += hold.changes
            if !approver.isRoot { record.summary.held += hold.changes }
            totals.lastHolders.keep(hold.kept)
        }
        guard count > 0 else { return }
        if approver.isRoot {
            record.warnings.append(Text("\(count) of the approved changes are of the approver's own access: \(approver.name)"))
        } else {
            record.guards.append(.ownAccess(count, of: approver))
        }
    }
}
