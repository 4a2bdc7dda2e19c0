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
        case .filed(let shown, let selection):
            guard let digest = shown.digest else {
                throw RunFailure.stale(
                    "plan \(shown.id) was filed by an earlier version, which told changes apart by less; run `rollcall apply` to file what is held now"
                )
            }
            guard var plan = try session.heldPlan(digest) else {
                throw RunFailure.stale("no held plan is called \(shown.id); `rollcall plans` lists them")
            }
            if let obstacle = obstacle(to: plan) { throw RunFailure.stale(obstacle) }
            if plan.state == .rejected, shown.state != .rejected {
                let who = plan.decidedBy.map { " by \(DisplayEscaping.escapedForTerminal($0.string))" } ?? ""
                throw RunFailure.stale(
                    "plan \(plan.id) was rejected\(who) after it was shown; `rollcall plans \(plan.id)` shows it as it is now")
            }
            // A run may have held the same changes for another reason meanwhile.
            plan.shownGuards.formIntersection(shown.shownGuards)
            return .changes(of: plan, selection)
        }
    }

    /// Refuses an approval that does not say what it has to say in so many words.
    func requireAcceptance(_ approval: PlanApproval, _ tally: ApprovalTally, _ waiting: WaitingChanges, _ record: RunRecord) throws {
        if waiting.rejected > 0, !request.accepts.contains(.rejected) {
            let what = waiting.rejected == 1 ? "1 change of the plan was" : "\(waiting.rejected) changes of the plan were"
            throw RunFailure.stale(
                "\(what) rejected by a person; to apply all the same, approve with `--accept rejected`, or approve the rest of the held plan with `rollcall approve`"
            )
        }
        let isWhole = record.guards.contains { $0.verdict == .held && $0.reach == .plan }
        if approval == .nothing || (approval == .everything && !isWhole) { return }
        if let empty = record.guards.first(where: { $0.guardName == .empty && $0.verdict == .held && $0.reach == .plan }),
            !request.accepts.contains(.empty)
        {
            throw RunFailure.stale("\(empty.message); if the directory is meant to be empty, approve with `--accept empty`")
        }
        if tally.leftScope * 2 > tally.absences, !request.accepts.contains(.scope) {
            throw RunFailure.stale(
                "\(tally.leftScope) of the \(tally.absences) accounts that would lose access by absence are in the directory, outside the config's base or filter; if that is meant, approve with `--accept scope`"
            )
        }
    }

    /// Refuses an approval of changes that a guard holds by now which the approver was not shown.
    func refuseUnshown(_ approval: PlanApproval, _ totals: PlanTotals, _ guards: Guards, _ record: RunRecord) throws {
        let shown: Set<GuardName>
        var holding: Set<GuardName>
        switch approval {
        case .nothing: return
        case .everything:
            guard let guards = request.shownGuards else { return }
            shown = guards
            holding = Set(record.guards.filter { $0.verdict == .held }.map(\.guardName))
        case .changes(let plan, _):
            shown = plan.shownGuards
            holding = Set(record.guards.filter { $0.verdict == .held && $0.guardName.doubtsReading }.map(\.guardName))
            holding.formUnion(guards.holding(totals.approval.tally, holders: totals.holders))
            holding.formUnion(totals.approval.unshown.keys)
        }
        holding.subtract([.lastHolder, .ownAccess, .rejection])
        let unshown = holding.subtracting(shown).map(\.rawValue).sorted()
        if unshown.isEmpty { return }
        throw RunFailure.stale(
            "\(unshown.joined(separator: ", ")) \(unshown.count == 1 ? "holds" : "hold") what was approved, and did not when it was reviewed; review it again with `rollcall plan`"
        )
    }

    private func obstacle(to plan: HeldPlan) -> String? {
        let when = plan.decidedAt.map { " at \($0.wholeSeconds)" } ?? ""
        let who = plan.decidedBy.map { " by \(DisplayEscaping.escapedForTerminal($0.string))" } ?? ""
        switch plan.state {
        // An approval takes a rejection back.
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
        if environment.clock() + SavedPlan.tolerance < plan.seen {
            return "plan \(plan.id) was last held at \(plan.seen.wholeSeconds), which is still to come: the clock was ahead or is behind; "
                + "run `rollcall apply` to file what is held now"
        }
        if environment.clock() > plan.seen + environment.guards.approvalTTL {
            return "plan \(plan.id) is older than \(environment.guards.approvalTTL); run `rollcall apply` to see whether it still stands"
        }
        return nil
    }

    /// Lets the approved changes pass, and holds for its guards what nobody has reviewed.
    func admit(
        _ plan: HeldPlan, _ selection: ChangeSelection, _ tally: ApprovalTally, _ record: inout RunRecord, _ session: any StoreSession
    ) throws {
        let selected = tally.standing + tally.vanished + tally.moved
        if selected == 0, !selection.isAll {
            throw RunFailure.stale("no change of plan \(plan.id) is selected; `rollcall plans \(plan.id)` shows them")
        }
        if tally.moved > 0 {
            let names = tally.movedNames.map { DisplayEscaping.escapedForTerminal($0.string) }.joined(separator: ", ")
            throw RunFailure.stale(
                "\(tally.moved) of the \(selected) approved changes would now do something else: \(names)\(tally.moved > tally.movedNames.count ? ", …" : ""); run `rollcall apply` to file what is held now"
            )
        }
        record.isApproved = true
        var notes = [
            "plan \(plan.id) is approved\(selected < plan.changes ? " in part" : ""): \(tally.standing) of its \(plan.changes) changes are still to do"
        ]
        if tally.vanished > 0 { notes.append("\(tally.vanished) no longer to do") }
        if tally.added > 0 { notes.append("also in this run: \(tally.added) that it did not name") }
        record.warnings.append(Text(notes.joined(separator: ", ")))
        let whole = record.guards.indices.filter { record.guards[$0].verdict == .held && record.guards[$0].reach == .plan }
        if let first = whole.first {
            let others = try session.holdUnapproved(for: record.guards[first].guardName)
            record.summary.held += others
            for index in whole {
                // What is left of the plan is what nobody has seen.
                if others == 0, selection.isAll { record.guards[index].verdict = .approved } else { record.guards[index].reach = .changes }
            }
        }
        record.summary.held += try session.holdDependents()
    }
}
