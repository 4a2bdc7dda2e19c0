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

/// What the guards observe in one plan: a fold over its decisions.
public struct GuardTally: Hashable, Sendable {
    public var deactivations = 0
    public var reactivations = 0
    public var creations = 0
    /// Users whose username or email changes; a first value is no change.
    public var identifiers = 0
    public var privilegedGrants = 0

    public init() {}

    /// Adds what another part of the same plan has.
    public mutating func add(_ other: GuardTally) {
        deactivations += other.deactivations
        reactivations += other.reactivations
        creations += other.creations
        identifiers += other.identifiers
        privilegedGrants += other.privilegedGrants
    }

    /// Adds one row.
    public mutating func add(_ row: PlanRow) {
        var changesIdentifier = false
        for change in row.changes {
            switch change.action {
            case .create: creations += 1
            case .deactivate: deactivations += 1
            case .reactivate: reactivations += 1
            case .rename: changesIdentifier = true
            case .update: if change.fields.contains(where: { $0.field == .email && $0.before != nil }) { changesIdentifier = true }
            case .grant: if change.heldBy == .privilegedGrant { privilegedGrants += 1 }
            case .revoke: continue
            }
        }
        if changesIdentifier { identifiers += 1 }
    }
}

/// Judges a plan by its numbers.
public struct Guards: Sendable {
    private let limits: GuardLimits
    private var baseline: Baseline

    /// - Parameter readsGroups: whether the run asks for groups at all; without it none are missed.
    public init(limits: GuardLimits, baseline: Baseline, readsGroups: Bool = true) {
        self.limits = limits
        self.baseline = baseline
        if !readsGroups { self.baseline.groups = nil }
    }

    /// Every guard's result, in the order of ``GuardName``. Guards that hold only the changes they name are judged elsewhere and
    /// reported here.
    public func judge(_ tally: GuardTally, proof: ReadProof, losses: [AttributeLoss]) -> [GuardResult] {
        var results = [empty(proof), firstRun(proof)]
        let linked = baseline.linkedActive
        results.append(
            share(
                .deactivations, tally.deactivations, of: linked, limits.deactivations,
                "active users would be deactivated; look upstream before you approve"))
        results.append(
            share(
                .reactivations, tally.reactivations, of: linked, limits.reactivations,
                "users would be let in again; did an attribute vanish upstream?"))
        // A first run creates everybody and is held as such.
        if baseline.links > 0 {
            results.append(
                share(
                    .creations, tally.creations, of: linked, limits.creations, "users would be created; is base or filter wider than meant?"
                ))
        }
        results.append(
            share(
                .identifiers, tally.identifiers, of: linked, limits.identifiers,
                "users would get another username or email; did a mapped attribute change its meaning?"))
        results.append(shrink(proof))
        results.append(contentsOf: attributesGone(losses))
        results.append(
            share(
                .rejected, proof.rejected, of: proof.users + proof.groups + proof.rejected, limits.rejected,
                "entries cannot be used; see the conflicts"))
        if tally.privilegedGrants > 0 {
            results.append(
                GuardResult(
                    .privilegedGrant, reach: .changes, limit: "each", observed: tally.privilegedGrants, verdict: .held,
                    message: tally.privilegedGrants == 1
                        ? "1 grant of a privileged group waits for a person"
                        : "\(tally.privilegedGrants) grants of privileged groups wait for a person"))
        }
        return results
    }

    /// Whether so many orphans hold the plan by themselves, so that none of them is looked up.
    public func holdsDeactivations(_ count: Int) -> Bool {
        limits.deactivations.isExceeded(by: count, of: baseline.linkedActive)
    }

    private func empty(_ proof: ReadProof) -> GuardResult {
        let lostGroups = proof.groups == 0 && (baseline.groups ?? 0) > 0
        let isHeld = proof.users == 0 || lostGroups
        let message =
            proof.users == 0
            ? "the source answered with no users at all: check base, filter and what we may read there"
            : "the source answered with no groups, and had \(baseline.groups ?? 0): check base, filter and what we may read there"
        return GuardResult(
            .empty, reach: .plan, limit: "always", observed: proof.users == 0 ? proof.users : proof.groups,
            verdict: isHeld ? .held : .passed,
            message: isHeld ? message : "")
    }

    private func firstRun(_ proof: ReadProof) -> GuardResult {
        let isFirst = baseline.links == 0
        return GuardResult(
            .firstRun, reach: .plan, limit: "always", observed: baseline.links, verdict: isFirst ? .held : .passed,
            message: isFirst ? "no user is linked yet: the first run waits for a person who has looked at it" : "")
    }

    private func share(_ name: GuardName, _ observed: Int, of whole: Int, _ limit: GuardLimit, _ message: String) -> GuardResult {
        let isHeld = limit.isExceeded(by: observed, of: whole)
        return GuardResult(
            name, reach: .plan, limit: limit.description, observed: observed, whole: whole, verdict: isHeld ? .held : .passed,
            message: isHeld ? "\(observed) of \(whole) \(message)" : "")
    }

    private func shrink(_ proof: ReadProof) -> GuardResult {
        let users = max((baseline.users ?? 0) - proof.users, 0)
        let groups = max((baseline.groups ?? 0) - proof.groups, 0)
        let usersHeld = limits.shrink.isExceeded(by: users, of: baseline.users ?? 0)
        let groupsHeld = limits.shrink.isExceeded(by: groups, of: baseline.groups ?? 0)
        let aboutGroups = groupsHeld && !usersHeld
        let lost = aboutGroups ? groups : users
        let whole = aboutGroups ? baseline.groups ?? 0 : baseline.users ?? 0
        let isHeld = usersHeld || groupsHeld
        return GuardResult(
            .shrink, reach: .plan, limit: limits.shrink.description, observed: lost, whole: whole, verdict: isHeld ? .held : .passed,
            message: isHeld
                ? "\(lost) of \(whole) \(aboutGroups ? "groups" : "users") are missing from the reading: check what we may read there" : "")
    }

    private func attributesGone(_ losses: [AttributeLoss]) -> [GuardResult] {
        let held = losses.filter { loss in
            limits.attributeGone.isExceeded(by: loss.lost, of: loss.had) || (loss.isMarker && loss.had >= 3 && loss.lost == loss.had)
        }
        if held.isEmpty {
            let most = losses.max { ($0.lost, $1.attribute) < ($1.lost, $0.attribute) }
            return [
                GuardResult(
                    .attributeGone, reach: .plan, limit: limits.attributeGone.description, observed: most?.lost ?? 0, whole: most?.had,
                    verdict: .passed)
            ]
        }
        return held.sorted { $0.attribute < $1.attribute }.map { loss in
            GuardResult(
                .attributeGone, reach: .plan, limit: limits.attributeGone.description, observed: loss.lost, whole: loss.had, verdict: .held,
                message: "\(loss.attribute) is gone from \(loss.lost) of \(loss.had) entries that had it: check what we may read there")
        }
    }
}
