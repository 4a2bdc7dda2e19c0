import RollcallCore

/// One pass through import → evaluate → plan → apply.
///
/// It either proves that it read the whole directory and applies its plan in one transaction, whole but for the parts it names as
/// held, or it changes nothing and says why in one line.
public struct Run {
    let environment: RunEnvironment
    let request: RunRequest
    let evaluator: Evaluator

    /// How often a reading that was not whole, or a store that moved meanwhile, is tried again.
    private static let tries = 2

    public init(_ environment: RunEnvironment, _ request: RunRequest) {
        self.environment = environment
        self.request = request
        evaluator = Evaluator(rules: environment.rules)
    }

    /// Runs to the end. It does not throw: what fails is the outcome and its reason.
    public func execute() async -> FinishedRun {
        await execute { _, _ in }
    }

    /// Runs to the end, and shows the session to `inspect` once the plan is made.
    func execute(_ inspect: (any StoreSession, RunRecord) throws -> Void) async -> FinishedRun {
        let started = environment.clock()
        var record = RunRecord(
            id: RunID(started: started, random: environment.random()), started: started, mode: request.mode,
            source: SourceFacts(type: environment.sourceType), actor: request.actor)
        var options = SessionOptions(
            now: started, rulesDigest: environment.rulesDigest, skipsNothing: request.skipsNothing, window: environment.guards.window)
        options.boot = environment.boot()
        if request.consent.isApproval { options.approver = request.approver }
        options.savedPlan = request.savedPlan
        options.operators = environment.operators
        var attempt = 1
        var mayFollow = request.follows
        while attempt <= Run.tries {
            options.keepsOneState = attempt == Run.tries
            let session: any StoreSession
            do {
                session = try environment.store.begin(
                    request.mode == .plan ? .dryRun : .apply, evaluator, options)
            } catch {
                record.finish(.failed, error.description, at: environment.clock())
                return FinishedRun(
                    record: record, auditHead: nil, isLockedOut: error.code == .locked, isTransient: error.isTransient, session: nil,
                    hasRows: false)
            }
            let mark = mayFollow ? followMark(session) : nil
            do {
                // Whoever is protected stays so when the run is tried again, also if they are called otherwise by then.
                options.protectedUsers = session.basis.protectedUsers
                let finished = try await pass(session, record, mark, inspect)
                noteSuccess(finished.record, session)
                return finished
            } catch {
                let failure = RunFailure(error)
                if failure.endsFollowing, mark != nil, !Task.isCancelled {
                    session.close()
                    mayFollow = false
                    record.warnings = [failure.followingWarning]
                    continue
                }
                if failure.mayTryAgain, attempt < Run.tries {
                    session.close()
                    attempt += 1
                    continue
                }
                record.finish(failure.outcome, failure.reason, at: environment.clock())
                let isQuarantined = noteFailure(&record, session)
                let head = try? session.keep(record)
                var finished = FinishedRun(
                    record: record, auditHead: head, isLockedOut: failure.isLock, isTransient: failure.isTransient, session: session,
                    hasRows: false)
                finished.impersonalReason = failure.impersonal.map { reason in
                    record.reason == failure.reason ? reason : "\(reason); \(Quarantine.sentence)"
                }
                finished.keptQuarantine = isQuarantined
                return finished
            }
        }
        record.finish(.failed, "the run was tried \(Run.tries) times", at: environment.clock())
        return FinishedRun(record: record, auditHead: nil, session: nil, hasRows: false)
    }

    private func pass(
        _ session: any StoreSession, _ start: RunRecord, _ mark: FollowMark?,
        _ inspect: (any StoreSession, RunRecord) throws -> Void
    ) async throws -> FinishedRun {
        var record = start
        if request.mode.isReal, let pause = session.basis.pause { return try held(by: pause, record, session) }
        try checkSavedPlan(session)
        let approval = try approval(in: session)
        var proof = try await read(into: session, following: mark)
        record.source.proof = proof
        if proof.extent == .unchanged { return try inSync(record, session) }
        environment.progress(.settling)
        var settlement = try session.settle(proof)
        try follow(mark, settlement, &proof, session.basis)
        record.source.proof = proof
        let guards = Guards(
            limits: environment.guards, baseline: session.basis.baseline, readsGroups: !environment.rules.groups.isEmpty)
        try Task.checkCancellation()
        try await confirm(settlement, guards, session)
        if proof.extent != .lastSnapshot { settlement.pins = try await confirmGroups(settlement, guards, proof, session) }
        record.source.proof?.keepFollowMark(settlement, readAt: record.started, former: mark, environment.place)
        record.source.proof?.keepPlace(environment.place)

        let plan = try judge(settlement, proof, guards, approval, record, session)
        try inspect(session, plan)
        var finished = try conclude(plan, session) { () throws in
            // What an application changed meanwhile is planned again, by what was read.
            guard let now = try session.beginWriting(settlement) else { return nil }
            settlement = now
            let guards = Guards(
                limits: environment.guards, baseline: session.basis.baseline, readsGroups: !environment.rules.groups.isEmpty)
            return try judge(now, proof, guards, approval, record, session)
        }
        finished.settlement = settlement
        return finished
    }

    /// Makes the plan of what is staged, and judges it.
    private func judge(
        _ settlement: Settlement, _ proof: ReadProof, _ guards: Guards, _ approval: PlanApproval, _ start: RunRecord,
        _ session: any StoreSession
    ) throws -> RunRecord {
        var record = start
        environment.progress(.planning)
        let clock = trustedClock(session, proof)
        var planner = Planner(rules: environment.rules, at: clock.now, protecting: session.basis.protectedUsers)
        planner.holdsMovedAnchors = guards.holdsMovedAnchors(settlement.movedAnchors)
        var totals = try session.plan(planner, approval: approval)
        record.summary = totals.summary
        record.summary.unmappedGroups = settlement.unmappedGroups
        record.planDigest = totals.digest
        record.warnings +=
            (clock.warning.map { [Text($0)] } ?? []) + warnings(settlement) + snapshotWarnings(proof, session.basis)
            + findings(session.basis) + proof.remarks
        record.warnings += try session.expiring(before: clock.now + Expiring.horizon, limit: 5).warning.map { [$0] } ?? []
        record.summary.held -= try session.release(guards.permitted(totals.tally))
        let waiting = try session.holdWaiting()
        record.summary.held += waiting.held
        totals.lastHolders.keep(waiting.kept)
        let former = session.basis.rulesDigest
        record.guards = guards.judge(
            totals.tally, proof: proof, losses: totals.attributeLosses, changes: totals.summary.changes,
            rulesMoved: former != nil && former != environment.rulesDigest,
            semanticsMoved: former != nil && session.basis.semantics != Evaluator.semanticsVersion, holders: totals.holders,
            movedAnchors: settlement.movedAnchors, waiting: waiting)
        session.noteGone(guards.gone(totals.attributeLosses))
        record.passEmptyFirstRun()
        record.guards += guards.replacements(totals.tally, settlement.pins)
        let emptied = guards.emptied(totals.tally, holders: totals.holders)
        if !emptied.isEmpty, approval != .everything {
            let hold = try session.hold(revoking: emptied)
            record.summary.held += hold.changes
            totals.lastHolders.keep(hold.kept)
        }
        try leaveOwnAccess(&totals, &record, session, approval, waiting)
        let endangered = totals.lastHolders.endangered
        if !endangered.isEmpty {
            record.summary.held += try session.hold(losing: endangered)
            record.guards += endangered.map { totals.lastHolders.result(for: $0) }
        }
        record.summary.held += try session.holdDependents()
        if proof.extent == .changes { try refuseHeldPlan(record) }
        try expect(session, &record)
        try requireAcceptance(approval, totals.approval, waiting, record)
        try refuseUnshown(approval, totals, guards, record)
        if case .changes(let plan, let selection) = approval { try admit(plan, selection, totals.approval, &record, session) }
        return record
    }

    /// What the plan comes to, and its application if nothing stands against it.
    ///
    /// - Parameter again: begins to write, and makes the plan again if accounts were changed here meanwhile; `nil` if none was.
    private func conclude(
        _ plan: RunRecord, _ session: any StoreSession, again: () throws -> RunRecord?
    ) throws -> FinishedRun {
        var (record, applies) = try verdict(on: plan, session)
        guard applies else { return try kept(record, session) }
        try Task.checkCancellation()
        environment.progress(.applying)
        do {
            if let plan = try again() {
                (record, applies) = try verdict(on: plan, session)
                guard applies else { return try kept(record, session) }
                try Task.checkCancellation()
            }
            if record.leavesSomething { record.source.proof?.forgetContent() }
            let head = try session.apply(record)
            return FinishedRun(record: record, auditHead: head, basis: session.basis, session: session, hasRows: true)
        } catch {
            session.cancelWriting()
            throw error
        }
    }

    /// What the plan comes to, and whether it is to be applied.
    private func verdict(on plan: RunRecord, _ session: any StoreSession) throws -> (record: RunRecord, applies: Bool) {
        var record = plan
        if let reviewed = request.consent.planDigest, reviewed != record.planDigest {
            record.finish(
                .stale,
                "the plan is no longer what was reviewed: directory or store moved since; make a new one with `rollcall plan --out`",
                at: environment.clock())
            return (record, false)
        }
        if case .approving = request.consent { record.approveGuards() }
        let verdict = RunVerdict(record, policy: environment.rules.policy)
        record.finish(verdict.outcome, verdict.reason, at: environment.clock())
        // What waits is known when the source has been read.
        let wasRead = record.source.proof?.extent != .lastSnapshot
        if request.mode.isReal, wasRead, verdict.outcome == .held || verdict.outcome == .appliedPartly {
            let isWhole = record.guards.contains { $0.verdict == .held && $0.reach == .plan }
            record.heldPlan = try session.heldChanges(whole: isWhole)?.id
            if let difference = try session.heldDifference() { record.warnings.append(Text(difference.sentence)) }
        }
        return (record, request.mode.isReal && verdict.applies)
    }

    /// What a source that proves to be what it was comes to: nothing was read, and nothing is to be done.
    private func inSync(_ start: RunRecord, _ session: any StoreSession) throws -> FinishedRun {
        var record = start
        record.source.proof?.users = session.basis.baseline.users ?? 0
        record.source.proof?.groups = session.basis.baseline.groups ?? 0
        record.summary.unchanged = session.basis.baseline.users ?? 0
        let clock = record.source.proof.map { trustedClock(session, $0) }
        record.warnings.append(Text("the source is what it was when it was last applied, and was not read again"))
        record.warnings += clock?.warning.map { [Text($0)] } ?? []
        record.warnings += findings(session.basis)
        let now = clock?.now ?? record.started
        record.warnings += try session.expiring(before: now + Expiring.horizon, limit: 5).warning.map { [$0] } ?? []
        record.finish(.inSync, nil, at: environment.clock())
        return try kept(record, session)
    }

    func kept(_ record: RunRecord, _ session: any StoreSession) throws -> FinishedRun {
        let head = try session.keep(record)
        return FinishedRun(record: record, auditHead: head, basis: session.basis, session: session, hasRows: true)
    }

    private func snapshotWarnings(_ proof: ReadProof, _ basis: StoreBasis) -> [Text] {
        guard let snapshot = environment.snapshot else { return [] }
        guard let before = basis.watermark, let now = proof.watermark, Watermark.isBehind(now, before) else { return snapshot.gaps }
        return snapshot.gaps + [Text("the snapshot is older than what the last applied run read (contextCSN \(now), was \(before))")]
    }

    private func groupNames(_ settlement: Settlement) -> [Text] {
        let rest = settlement.groupNameCount - settlement.groupNames.count
        return settlement.groupNames.map(\.warning)
            + (rest > 0 ? [Text("group rules make \(rest) more permission groups of names to look at")] : [])
    }

    private func warnings(_ settlement: Settlement) -> [Text] {
        settlement.groupRulesUnmatched.map { number in
            let rule = environment.rules.groups.indices.contains(number - 1) ? environment.rules.groups[number - 1].text : ""
            return Text("group rule \(number) meets no upstream group: \(rule)")
        } + settlement.pins.map(\.warning) + settlement.remarks + groupNames(settlement)
    }
}

extension ReadProof {
    /// Adds to a mark that stands for the content of the source where that is.
    fileprivate mutating func keepPlace(_ place: String) {
        guard var mark = watermark.flatMap(FeedMark.init(kept:)) else { return }
        mark.place = place
        watermark = mark.text
    }

    /// Takes back a mark that stands for the content of the source rather than for its time.
    fileprivate mutating func forgetContent() {
        if watermark.flatMap(FeedMark.init(kept:)) != nil { watermark = nil }
    }
}

extension RunRecord {
    /// Whether something of the snapshot is not applied, so that the same snapshot would have to be looked at again.
    fileprivate var leavesSomething: Bool {
        summary.held > 0 || summary.conflict > 0 || summary.undecided > 0 || source.proof.map { $0.rejected > 0 } ?? false
    }

    mutating func finish(_ outcome: Outcome, _ reason: String?, at time: Instant) {
        self.outcome = outcome
        self.reason = reason
        finished = time
    }

    /// A first run that would change nobody needs nobody to look at it.
    mutating func passEmptyFirstRun() {
        guard summary.changes == 0 else { return }
        for index in guards.indices where guards[index].guardName == .firstRun {
            guards[index].verdict = .passed
            guards[index].finding = nil
        }
    }

    /// Turns what a person has approved from held to approved; the last holder is never lost by a run.
    mutating func approveGuards() {
        isApproved = true
        for index in guards.indices
        where guards[index].verdict == .held && ![.lastHolder, .ownAccess, .rejection].contains(guards[index].guardName) {
            guards[index].verdict = .approved
        }
    }
}
