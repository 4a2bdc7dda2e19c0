extension Guards {
    func empty(_ proof: ReadProof) -> GuardResult {
        let lostGroups = proof.groups == 0 && (baseline.groups ?? 0) > 0
        let isHeld = proof.users == 0 || lostGroups
        let finding = proof.users == 0 ? GuardFinding.noUsers : .noGroups(before: baseline.groups ?? 0)
        return GuardResult(
            .empty, reach: .plan, limit: .always, observed: proof.users == 0 ? proof.users : proof.groups,
            verdict: isHeld ? .held : .passed, isHeld ? finding : nil)
    }

    func firstRun(_ proof: ReadProof) -> GuardResult {
        let isFirst = baseline.links == 0
        return GuardResult(
            .firstRun, reach: .plan, limit: .always, observed: baseline.links, verdict: isFirst ? .held : .passed,
            isFirst ? .firstRun : nil)
    }

    /// - Parameters:
    ///   - before: what was applied within the window; `nil` for a guard that looks at this reading alone.
    ///   - current: what `here` is a part of, unless the guard's baseline is frozen.
    ///   - waiting: what an earlier run held for the guard; it is held until a person approves it.
    func share(
        _ name: GuardName, _ here: Int, before: Int?, of current: Int, _ limit: GuardLimit, _ waiting: WaitingChanges = WaitingChanges()
    ) -> GuardResult {
        let whole = frozen(name, current)
        let observed = here + (before ?? 0)
        // What was applied is done; a plan that adds nothing to it has nothing to wait for.
        let isExceeded = here > 0 && limit.isExceeded(by: observed, of: whole)
        let still = waiting.plan[name] ?? 0
        let isHeld = isExceeded || still > 0
        return GuardResult(
            name, reach: .plan, limit: .limit(limit), observed: observed, whole: whole, window: before.map { _ in limits.window },
            verdict: isHeld ? .held : .passed, isExceeded ? .exceeded(earlier: before ?? 0) : Guards.planWaits(still))
    }

    /// What is to be said of so many changes that an earlier run held with the whole plan.
    private static func planWaits(_ count: Int) -> GuardFinding? { count > 0 ? .planWaits(count) : nil }

    func shrink(_ proof: ReadProof, _ waiting: WaitingChanges = WaitingChanges()) -> GuardResult {
        let formerUsers = max(baseline.users ?? 0, baseline.window.users ?? 0)
        let formerGroups = max(baseline.groups ?? 0, readsGroups ? baseline.window.groups ?? 0 : 0)
        let users = max(formerUsers - proof.users, 0)
        let groups = max(formerGroups - proof.groups, 0)
        let usersHeld = limits.shrink.isExceeded(by: users, of: formerUsers)
        let groupsHeld = limits.shrink.isExceeded(by: groups, of: formerGroups)
        let aboutGroups = groupsHeld && !usersHeld
        let lost = aboutGroups ? groups : users
        let whole = aboutGroups ? formerGroups : formerUsers
        let isExceeded = usersHeld || groupsHeld
        let still = waiting.plan[.shrink] ?? 0
        return GuardResult(
            .shrink, reach: .plan, limit: .limit(limits.shrink), observed: lost, whole: whole, window: limits.window,
            verdict: isExceeded || still > 0 ? .held : .passed,
            isExceeded ? aboutGroups ? .groupsMissing : .usersMissing : Guards.planWaits(still))
    }

    /// The attributes that are gone from too many entries.
    public func gone(_ losses: [AttributeLoss]) -> [Text] { tooManyLosses(losses).held.map(\.attribute) }

    /// The losses with those of the window, and those among them that hold.
    private func tooManyLosses(_ now: [AttributeLoss]) -> (all: [AttributeLoss], held: [AttributeLoss]) {
        // Whoever lost it within the window had it before.
        let losses = now.map { loss in
            let earlier = baseline.window.attributesLost[loss.attribute] ?? 0
            return AttributeLoss(
                attribute: loss.attribute, had: loss.had + earlier, lost: loss.lost + earlier, isMarker: loss.isMarker && earlier == 0)
        }
        let held = zip(now, losses).filter { now, loss in
            now.lost > 0 && limits.attributeGone.isExceeded(by: loss.lost, of: loss.had)
                || (loss.isMarker && loss.had >= 3 && loss.lost == loss.had)
        }.map(\.1)
        return (losses, held)
    }

    func attributesGone(_ now: [AttributeLoss], _ waiting: WaitingChanges = WaitingChanges()) -> [GuardResult] {
        let (losses, held) = tooManyLosses(now)
        if held.isEmpty {
            let most = losses.max { ($0.lost, $1.attribute) < ($1.lost, $0.attribute) }
            let still = waiting.plan[.attributeGone] ?? 0
            return [
                GuardResult(
                    .attributeGone, reach: .plan, limit: .limit(limits.attributeGone), observed: most?.lost ?? 0, whole: most?.had,
                    window: limits.window, verdict: still > 0 ? .held : .passed, Guards.planWaits(still))
            ]
        }
        return held.sorted { $0.attribute < $1.attribute }.map { loss in
            GuardResult(
                .attributeGone, reach: .plan, limit: .limit(limits.attributeGone), observed: loss.lost, whole: loss.had,
                window: limits.window, verdict: .held, .attributeGone(loss.attribute))
        }
    }
}
