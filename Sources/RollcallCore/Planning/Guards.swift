/// What the guards compare a plan with, from the last applied run and from the store.
public struct Baseline: Hashable, Sendable {
    /// Linked users that are active now.
    public var linkedActive: Int
    /// Links of any kind; 0 makes the run a first run.
    public var links: Int
    /// User entries of the last applied snapshot; `nil` before the first.
    public var users: Int?
    /// Group entries of the last applied snapshot; `nil` before the first.
    public var groups: Int?
    /// What was applied shortly before.
    public var window = WindowTotals()
    /// The baselines of guards that hold since an earlier run: a guard compares with what there was when its hold began.
    public var frozen: [HoldKey: Int] = [:]

    public init(linkedActive: Int = 0, links: Int = 0, users: Int? = nil, groups: Int? = nil) {
        self.linkedActive = linkedActive
        self.links = links
        self.users = users
        self.groups = groups
    }
}

/// How one mapped attribute fared between the last applied snapshot and this one.
public struct AttributeLoss: Hashable, Sendable {
    public var attribute: Text
    /// Entries that had it and are still there.
    public var had: Int
    /// How many of those have it no longer.
    public var lost: Int
    /// Whether its absence means "no restriction", so that losing it everywhere at once would let everybody back in.
    public var isMarker: Bool

    public init(attribute: Text, had: Int, lost: Int, isMarker: Bool) {
        self.attribute = attribute
        self.had = had
        self.lost = lost
        self.isMarker = isMarker
    }
}

/// Judges a plan by its numbers.
public struct Guards: Sendable {
    let limits: GuardLimits
    private(set) var baseline: Baseline
    let readsGroups: Bool

    /// - Parameter readsGroups: whether the run asks for groups at all; without it none are missed.
    public init(limits: GuardLimits, baseline: Baseline, readsGroups: Bool = true) {
        self.limits = limits
        self.baseline = baseline
        self.readsGroups = readsGroups
        if !readsGroups { self.baseline.groups = nil }
    }

    /// Every guard's result, always in the same order. Guards that hold only the changes they name are judged elsewhere and
    /// reported here.
    ///
    /// - Parameters:
    ///   - changes: how many changes the plan has.
    ///   - rulesMoved: whether scope or rules are other ones than in the last applied run.
    ///   - semanticsMoved: whether the same rules meant something else for the last applied run.
    ///   - holders: for each permission group of which memberships end, how many a rule gave.
    ///   - movedAnchors: absent users whose username came with an unknown anchor.
    ///   - waiting: changes of this plan that an earlier run held, and that no person has approved since.
    public func judge(
        _ tally: GuardTally, proof: ReadProof, losses: [AttributeLoss], changes: Int = 0, rulesMoved: Bool = false,
        semanticsMoved: Bool = false, holders: [Text: Int] = [:], movedAnchors: Int = 0, waiting: WaitingChanges = WaitingChanges()
    ) -> [GuardResult] {
        var results = [empty(proof), firstRun(proof), scope(changes, rulesMoved, semanticsMoved)]
        let linked = baseline.linkedActive
        let before = baseline.window.changes
        results.append(share(.deactivations, tally.deactivations, before: before.deactivations, of: linked, limits.deactivations, waiting))
        results.append(share(.reactivations, tally.reactivations, before: before.reactivations, of: linked, limits.reactivations, waiting))
        // A first run creates everybody and is held as such.
        if baseline.links > 0 {
            results.append(share(.creations, tally.creations, before: before.creations, of: linked, limits.creations, waiting))
        }
        results.append(share(.identifiers, tally.identifiers, before: before.identifiers, of: linked, limits.identifiers, waiting))
        results.append(shrink(proof, waiting))
        results.append(contentsOf: attributesGone(losses, waiting))
        results.append(share(.rejected, proof.rejected, before: nil, of: proof.users + proof.groups + proof.rejected, limits.rejected))
        if tally.privilegedGrants > 0 {
            results.append(each(.privilegedGrant, tally.privilegedGrants, before: before.privilegedGrants, limits.privilegedGrant))
        }
        if tally.privilegedIdentifiers > 0 {
            results.append(
                each(
                    .privilegedIdentifier, tally.privilegedIdentifiers, before: before.privilegedIdentifiers, limits.privilegedIdentifier))
        }
        if tally.adoptions > 0 {
            results.append(each(.adoption, tally.adoptions, before: before.adoptions, limits.adoption))
        }
        if tally.permissionChanges > 0 {
            results.append(each(.permissionChanges, tally.permissionChanges, before: before.permissionChanges, limits.permissionChanges))
        }
        if movedAnchors > 0 { results.append(anchors(movedAnchors)) }
        results += revocations(tally, holders: holders)
        return results + stillWaiting(waiting, besides: results, emptied: emptied(tally, holders: holders))
    }

    /// The guards that count changes and hold by what `tally` has alone.
    public func holding(_ tally: GuardTally, holders: [Text: Int]) -> Set<GuardName> {
        let linked = baseline.linkedActive
        let counts: [(GuardName, Int, GuardLimit)] = [
            (.deactivations, tally.deactivations, limits.deactivations), (.reactivations, tally.reactivations, limits.reactivations),
            (.creations, baseline.links > 0 ? tally.creations : 0, limits.creations),
            (.identifiers, tally.identifiers, limits.identifiers),
        ]
        var names = Set(counts.filter { $0.2.isExceeded(by: $0.1, of: frozen($0.0, linked)) }.map(\.0))
        if !emptied(tally, holders: holders).isEmpty { names.insert(.groupRevocations) }
        return names
    }

    /// The permission groups of which too many memberships would end, in order.
    public func emptied(_ tally: GuardTally, holders: [Text: Int]) -> [Text] {
        tally.revocations.keys.filter { isEmptied($0, tally, holders) }.sorted()
    }

    /// Whether so many orphans hold the plan by themselves, so that none of them is looked up.
    public func holdsDeactivations(_ count: Int) -> Bool {
        limits.deactivations.isExceeded(
            by: count + baseline.window.changes.deactivations, of: frozen(.deactivations, baseline.linkedActive))
    }

    /// The number that a guard compares with: what there is, or what there was when its hold began, if that is less.
    func frozen(_ name: GuardName, of subject: Text = .empty, _ whole: Int) -> Int {
        baseline.frozen[HoldKey(name, subject)].map { min($0, whole) } ?? whole
    }

    /// What is said of changes that an earlier run held for a guard that would let them pass by now.
    private func stillWaiting(_ waiting: WaitingChanges, besides results: [GuardResult], emptied: [Text]) -> [GuardResult] {
        let told = Set(results.filter { $0.verdict == .held }.map(\.guardName))
        let left = waiting.changes.filter { key, _ in
            key.guardName == .groupRevocations ? !emptied.contains(key.subject) : !told.contains(key.guardName)
        }
        return left.sorted { $0.key < $1.key }.map { key, count in
            GuardResult(
                key.guardName, reach: .changes, limit: .untilApproved, observed: count, verdict: .held,
                key.guardName == .rejection ? .rejected : .changesWait)
        }
    }

    /// - Parameter before: what was let through within the window.
    private func each(_ name: GuardName, _ here: Int, before: Int, _ limit: GuardLimit) -> GuardResult {
        let isHeld = limit.isExceeded(by: here + before, of: baseline.linkedActive)
        return GuardResult(
            name, reach: .changes, limit: .limit(limit), observed: here + before, window: before > 0 ? limits.window : nil,
            verdict: isHeld ? .held : .passed, isHeld ? .each(here) : nil)
    }

    /// The guards that hold what they name, and of which this plan has no more than they let pass.
    public func permitted(_ tally: GuardTally) -> Set<GuardName> {
        let before = baseline.window.changes
        let each: [(name: GuardName, here: Int, before: Int, limit: GuardLimit)] = [
            (.privilegedGrant, tally.privilegedGrants, before.privilegedGrants, limits.privilegedGrant),
            (.privilegedIdentifier, tally.privilegedIdentifiers, before.privilegedIdentifiers, limits.privilegedIdentifier),
            (.adoption, tally.adoptions, before.adoptions, limits.adoption),
            (.permissionChanges, tally.permissionChanges, before.permissionChanges, limits.permissionChanges),
        ]
        return Set(each.filter { $0.here > 0 && !$0.limit.isExceeded(by: $0.here + $0.before, of: baseline.linkedActive) }.map(\.name))
    }

    /// Whether so many known usernames came with unknown anchors that the server may have been rebuilt.
    public func holdsMovedAnchors(_ count: Int) -> Bool {
        limits.anchorsChanged.isExceeded(by: count, of: frozen(.anchorsChanged, baseline.links))
    }

    private func anchors(_ observed: Int) -> GuardResult {
        let isHeld = holdsMovedAnchors(observed)
        return GuardResult(
            .anchorsChanged, reach: .changes, limit: .limit(limits.anchorsChanged), observed: observed, whole: baseline.links,
            verdict: isHeld ? .held : .passed, isHeld ? .anchorsChanged : nil)
    }

    private func scope(_ changes: Int, _ rulesMoved: Bool, _ semanticsMoved: Bool) -> GuardResult {
        let isMoved = rulesMoved || semanticsMoved
        let isHeld = isMoved && baseline.links > 0 && limits.scope.isExceeded(by: changes, of: baseline.linkedActive)
        return GuardResult(
            .scope, reach: .plan, limit: .limit(limits.scope), observed: isMoved ? changes : 0, verdict: isHeld ? .held : .passed,
            isHeld ? rulesMoved ? .otherRules : .otherSemantics : nil)
    }

    /// More than half of a permission group, or all of three or more; whoever leaves in the same plan is not counted among those who
    /// could have stayed.
    private func isEmptied(_ group: Text, _ tally: GuardTally, _ holders: [Text: Int]) -> Bool {
        let (earlier, observed, staying) = counts(of: group, tally, holders)
        return limits.groupRevocations.isExceeded(by: observed, of: staying)
            || (frozen(.groupRevocations, of: group, (holders[group] ?? 0) + earlier) >= 3 && observed >= staying)
    }

    /// How many memberships ended shortly before, how many will have ended with this plan, and of how many.
    private func counts(of group: Text, _ tally: GuardTally, _ holders: [Text: Int]) -> (earlier: Int, observed: Int, staying: Int) {
        let earlier = baseline.window.changes.revocations[group] ?? 0
        let whole = frozen(.groupRevocations, of: group, (holders[group] ?? 0) + earlier)
        return (earlier, (tally.revocations[group] ?? 0) + earlier, max(whole - (tally.leaving[group] ?? 0), 0))
    }

    private func revocations(_ tally: GuardTally, holders: [Text: Int]) -> [GuardResult] {
        emptied(tally, holders: holders).map { group in
            let (earlier, observed, whole) = counts(of: group, tally, holders)
            return GuardResult(
                .groupRevocations, reach: .changes, limit: .limitOrAll(limits.groupRevocations), observed: observed, whole: whole,
                window: limits.window, verdict: .held, .revocations(of: group, earlier: earlier))
        }
    }
}
