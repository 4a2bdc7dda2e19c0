import RollcallCore

/// Approval names changes, not the world: what was reviewed passes as far as it is still to do, all else is judged as ever.
extension Run {
    /// What a person has approved of the plan that this run makes.
    ///
    /// - Throws: ``RunFailure`` when the filed plan can no longer be approved.
    func approval(in session: any StoreSession) throws -> PlanApproval {
        switch request.consent {
        case .none, .exactly: return .nothing
        case .approving: return .everything
        case .filed(let id):
            guard let plan = try session.heldPlan(id) else {
                throw RunFailure.stale("no held plan is called \(id); `rollcall plans` lists them")
            }
            if let obstacle = obstacle(to: plan) { throw RunFailure.stale(obstacle) }
            return .changes(of: plan)
        }
    }

    private func obstacle(to plan: HeldPlan) -> String? {
        let when = plan.decidedAt.map { " at \($0.wholeSeconds)" } ?? ""
        let who = plan.decidedBy.map { " by \(DisplayEscaping.escapedForTerminal($0.string))" } ?? ""
        switch plan.state {
        // Whoever approves what was rejected takes that back.
        case .open, .rejected: break
        case .approved: return "plan \(plan.id) was approved already\(who)\(when)"
        case .superseded: return "plan \(plan.id) is superseded\(who)\(when); `rollcall plans` shows what waits now"
        case .obsolete: return "plan \(plan.id) is obsolete since\(when): a later run held nothing"
        }
        if plan.rulesDigest != environment.rulesDigest {
            return "the config's rules have changed since plan \(plan.id) was filed; run `rollcall apply` to file what they hold now"
        }
        if plan.sourceType != environment.sourceType {
            return "plan \(plan.id) was made from another source; run `rollcall apply` to file what this one holds"
        }
        if environment.clock() > plan.seen + environment.guards.approvalTTL {
            return "plan \(plan.id) is older than \(environment.guards.approvalTTL); run `rollcall apply` to see whether it still stands"
        }
        return nil
    }

    /// Lets the approved changes pass, and holds for its guards what nobody has reviewed.
    func admit(
        _ plan: HeldPlan, _ tally: ApprovalTally, _ record: inout RunRecord, _ session: any StoreSession
    ) throws {
        if tally.moved > 0 {
            let names = tally.movedNames.map { DisplayEscaping.escapedForTerminal($0.string) }.joined(separator: ", ")
            throw RunFailure.stale(
                "\(tally.moved) of the \(plan.changes) approved changes would now do something else: \(names)\(tally.moved > tally.movedNames.count ? ", …" : ""); run `rollcall apply` to file what is held now"
            )
        }
        record.isApproved = true
        var notes = ["plan \(plan.id) is approved: \(tally.standing) of its \(plan.changes) changes are still to do"]
        if tally.vanished > 0 { notes.append("\(tally.vanished) no longer to do") }
        if tally.added > 0 { notes.append("also in this run: \(tally.added) that it did not name") }
        record.warnings.append(Text(notes.joined(separator: ", ")))
        let whole = record.guards.indices.filter { record.guards[$0].verdict == .held && record.guards[$0].reach == .plan }
        if let first = whole.first {
            let others = try session.holdUnapproved(for: record.guards[first].guardName)
            record.summary.held += others
            for index in whole {
                // What is left of the plan is what nobody has seen.
                if others == 0 { record.guards[index].verdict = .approved } else { record.guards[index].reach = .changes }
            }
        }
        record.summary.held += try session.holdNamesBehind()
    }
}
