/// What a guard found, as a value: reports make the sentence, with the numbers of the guard's result.
public enum GuardFinding: Hashable, Sendable {
    /// The source answered with no users.
    case noUsers
    /// The source answered with no groups, and had as many before.
    case noGroups(before: Int)
    /// No user is linked yet.
    case firstRun
    /// More changes, or entries that cannot be used, than the limit; so many of the changes were applied before this plan.
    case exceeded(earlier: Int)
    /// The reading lacks users.
    case usersMissing
    /// The reading lacks groups.
    case groupsMissing
    /// An attribute is gone from entries that had it.
    case attributeGone(Text)
    /// The rules are not those of the last applied run.
    case otherRules
    /// This version takes the same rules otherwise.
    case otherSemantics
    /// So many changes of this plan wait, each by itself.
    case each(Int)
    /// Memberships of a permission group end; so many of them ended before this plan.
    case revocations(of: Text, earlier: Int)
    /// Known usernames came with unknown anchors.
    case anchorsChanged
    /// Changes follow from a pinned group that vanished or was replaced.
    case groupReplaced(PinFinding)
    /// A permission group would be left without an active holder.
    case lastHolder(of: Text)
    /// Approved changes are of the approver's own access.
    case ownAccess(of: Text)
    /// The source is paused.
    case paused
    /// The config expects something else of a user.
    case expectation(FailedExpectation)
    /// So many changes of the plan wait since an earlier run, and the plan with them.
    case planWaits(Int)
    /// Changes wait since an earlier run, each by itself.
    case changesWait
    /// Changes that a person has rejected.
    case rejected
    /// The sentence of an earlier version.
    case legacy(String)
}

/// Up to where a guard lets pass.
public enum GuardThreshold: Hashable, Sendable, CustomStringConvertible {
    /// It holds whenever its case occurs.
    case always
    /// It holds each change.
    case each
    case limit(GuardLimit)
    /// A limit, and all of three or more.
    case limitOrAll(GuardLimit)
    /// Until a person approves the changes.
    case untilApproved
    /// One has to stay.
    case atLeastOne
    /// The words of an earlier version.
    case legacy(String)

    /// As a person reads it: `5 % or 500, min 5`.
    public var description: String {
        switch self {
        case .always: "always"
        case .each: "each"
        case .limit(let limit): limit.description
        case .limitOrAll(let limit): "\(limit), or all of 3 or more"
        case .untilApproved: "until approved"
        case .atLeastOne: "at least one"
        case .legacy(let words): words
        }
    }
}

/// What one guard saw and said.
public struct GuardResult: Hashable, Sendable {
    /// What a guard stops.
    public enum Reach: String, Hashable, Sendable, CaseIterable {
        /// The whole plan.
        case plan
        /// The changes that it names.
        case changes
    }

    /// What it said.
    public enum Verdict: String, Hashable, Sendable, CaseIterable {
        case passed
        case held
        /// It would have held, and a person approved exactly this plan.
        case approved
    }

    public var guardName: GuardName
    public var reach: Reach
    public var limit: GuardThreshold
    public var observed: Int
    /// What `observed` is a part of; `nil` when the limit is not a share.
    public var whole: Int?
    /// How far back it counts; `nil` when it looks at this plan or reading alone.
    public var window: Span?
    public var verdict: Verdict
    /// What it found; `nil` when it passed.
    public var finding: GuardFinding?

    public init(
        _ guardName: GuardName, reach: Reach, limit: GuardThreshold, observed: Int, whole: Int? = nil, window: Span? = nil,
        verdict: Verdict, _ finding: GuardFinding? = nil
    ) {
        self.guardName = guardName
        self.reach = reach
        self.limit = limit
        self.observed = observed
        self.whole = whole
        self.window = window
        self.verdict = verdict
        self.finding = finding
    }

    /// What it means and what to look at first, in one line; empty when it passed.
    public var message: String { sentence { $1 } }
}
