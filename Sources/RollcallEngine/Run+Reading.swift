public import RollcallCore

extension Run {
    /// Pulls the reading into the staging until its proof.
    ///
    /// - Parameter mark: from where on changes are enough; `nil` asks for all.
    func read(into session: any StoreSession, following mark: FollowMark?) async throws -> ReadProof {
        environment.progress(.connecting)
        var question = ReadRequest(environment.rules, evaluator)
        let pinned = session.pinnedGroups
        question.means = { [rules = environment.rules.groups] anchor, name in
            pinned.contains(anchor) || rules.contains { $0.permissionGroup(for: name, anchor: anchor, normalizedDN: []) != nil }
        }
        if mayStayUnread, var mark = try session.unchangedMark(), mark.place == environment.place {
            mark.place = ""
            question.known = mark.text
        }
        question.following = mark
        question.alive = environment.alive
        let reading = try await environment.source.read(question)
        var count = 0
        do {
            while true {
                try Task.checkCancellation()
                switch try await reading.next() {
                case .batch(let batch):
                    try session.stage(batch)
                    count += batch.count
                    environment.progress(.reading(count))
                case .end(let proof):
                    try check(proof, against: session.basis)
                    return proof
                }
            }
        } catch {
            reading.cancel()
            throw error
        }
    }

    /// Whether an unchanged source ends the run: a plan that was reviewed, or that config expects something of, has to be made.
    private var mayStayUnread: Bool {
        request.acceptsUnchanged && request.consent == .none && environment.snapshot == nil && environment.expectations.isEmpty
    }

    /// Looks up whoever is missing before anything acts on it; not in bulk when a guard holds anyway.
    func confirm(_ settlement: Settlement, _ guards: Guards, _ session: any StoreSession) async throws {
        if settlement.orphans == 0 { return }
        // Those whom a guard holds anyway are looked up once a person has said yes.
        let isMoved = guards.holdsMovedAnchors(settlement.movedAnchors) && !request.consent.isApproval
        let count = isMoved ? settlement.orphans - settlement.movedAnchors : settlement.orphans
        if count <= 0 || (guards.holdsDeactivations(count) && !request.consent.isApproval) { return }
        environment.progress(.confirming(count))
        let anchors = try session.orphans(limit: settlement.orphans, exceptMoved: isMoved)
        for start in stride(from: 0, to: anchors.count, by: 500) {
            try session.note(try await absences(of: Array(anchors[start..<min(start + 500, anchors.count)]), .user))
        }
    }

    /// Looks up the mapped groups that are missing; not when a guard holds for what the reading lacks.
    ///
    /// - Returns: the rules whose groups are not simply where they say.
    func confirmGroups(
        _ settlement: Settlement, _ guards: Guards, _ proof: ReadProof, _ session: any StoreSession
    ) async throws -> [PinStanding] {
        // Without a rule no group was asked for.
        if environment.rules.groups.isEmpty { return settlement.pins }
        let missing = try session.missingGroups()
        if missing.isEmpty || (guards.holdsReading(proof) && !request.consent.isApproval) { return settlement.pins }
        environment.progress(.confirming(missing.count))
        var found: [(Anchor, Absence)] = []
        for start in stride(from: 0, to: missing.count, by: 500) {
            found += try await absences(of: Array(missing[start..<min(start + 500, missing.count)]), .group)
        }
        return try session.note(groups: found)
    }

    /// What looking up some missing entries shows.
    private func absences(of anchors: [Anchor], _ sought: EntryKind) async throws -> [(Anchor, Absence)] {
        var question = ReadRequest(environment.rules, evaluator)
        question.sought = sought
        question.alive = environment.alive
        let found = try await environment.source.lookUp(anchors, question)
        guard found.count == anchors.count else { throw RunFailure.notWhole("\(anchors.count) look-ups gave \(found.count) answers") }
        var absences: [(Anchor, Absence)] = []
        for (anchor, presence) in zip(anchors, found) {
            switch presence {
            case .gone: absences.append((anchor, .gone))
            case .leftScope(let dn): absences.append((anchor, .leftScope(dn: dn)))
            case .notBelowBase(let searched): absences.append((anchor, .notBelowBase(searched)))
            case .unknown(let reason): absences.append((anchor, .unconfirmed(reason)))
            case .inScope:
                throw RunFailure.missed(anchor)
            }
        }
        return absences
    }

    /// The time to judge by; a snapshot is of its own time.
    func trustedClock(_ session: any StoreSession, _ proof: ReadProof) -> TrustedClock {
        TrustedClock(
            session.options.now, lastApplied: session.basis.lastApplied, environment.snapshot == nil ? proof.timeMarks : TimeMarks())
    }

    private func check(_ proof: ReadProof, against basis: StoreBasis) throws {
        guard proof.result == 0 else { throw RunFailure.notWhole("the source ended with result \(proof.result)") }
        // A snapshot may be as old as it likes: a plan from it changes nothing, and what it shows is of its time.
        if environment.snapshot == nil, !request.acceptsBehind, let before = basis.watermark, let now = proof.watermark,
            Watermark.isBehind(now, before)
        {
            throw RunFailure.behind(server: proof.server, now: now, before: before)
        }
    }
}

extension ReadRequest {
    /// What a run by these rules reads.
    public init(_ rules: RuleSettings, _ evaluator: Evaluator) {
        self.init(
            users: evaluator.layout, groupAnchor: rules.groupAttributes.anchor, groupName: rules.groupAttributes.name,
            groupMembers: rules.groupAttributes.members, readsGroups: !rules.groups.isEmpty)
    }
}
