import RollcallCore

/// Asking a source for what has changed since the last applied snapshot, instead of reading all of it.
///
/// What is gone shows in the numbers alone: when the source has as many more entries as came for the first time, nobody is gone.
/// Whenever that does not come out, or a guard holds the plan, the run reads everything after all and goes by that.
extension Run {
    /// From where on changes are enough; `nil` when all is to be read.
    func followMark(_ session: any StoreSession) -> FollowMark? {
        guard request.mode == .daemon, request.consent == .none, !request.skipsNothing, environment.snapshot == nil,
            session.basis.isDecided(by: environment.rulesDigest)
        else { return nil }
        guard let mark = session.basis.watermark.flatMap(FollowMark.init(kept:)), mark.place == environment.place else { return nil }
        return mark
    }

    /// Proves by the numbers that nobody is gone, and completes the proof of a reading that was not of everything.
    func follow(_ mark: FollowMark?, _ settlement: Settlement, _ proof: inout ReadProof, _ basis: StoreBasis) throws {
        if proof.extent == .lastSnapshot {
            proof.users = basis.baseline.users ?? 0
            proof.groups = basis.baseline.groups ?? 0
        }
        guard proof.extent == .changes else { return }
        guard let mark, let now = proof.followMark, let population = settlement.population else {
            throw RunFailure.notFollowed("the source gave changes that nobody had asked for")
        }
        for (kind, before, now, new) in [
            ("user", mark.users, now.users, population.newUsers), ("group", mark.groups, now.groups, population.newGroups),
        ] where now != before &+ new {
            throw RunFailure.notFollowed(
                "the source has \(now) \(kind)s, and had \(before) before \(new) came that are new")
        }
        proof.users = population.users
        proof.groups = population.groups
    }

    /// A plan that a guard holds is made from a whole reading.
    func refuseHeldPlan(_ record: RunRecord) throws {
        if let held = record.guards.first(where: { $0.verdict == .held && $0.reach == .plan }) {
            throw RunFailure.notFollowed(held.message)
        }
    }
}

extension ReadProof {
    /// Keeps from where on the source can be asked for changes, in the place of the watermark.
    ///
    /// What could not be read, and who or what was missing, is only known by reading everything again, so then nothing is kept.
    mutating func keepFollowMark(_ settlement: Settlement, readAt time: Instant, former: FollowMark?, _ place: String) {
        guard var mark = followMark else { return }
        mark.place = place
        mark.readWhole = extent == .changes ? former?.readWhole ?? time : time
        let isSettled = rejected == 0 && settlement.orphans == 0 && settlement.pins.isEmpty && settlement.remarks.isEmpty
        watermark = isSettled ? mark.text : nil
    }
}
