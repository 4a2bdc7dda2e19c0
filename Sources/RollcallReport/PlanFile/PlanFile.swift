public import RollcallCore

/// What a plan was made from, as far as its run's record does not say.
public struct PlanFileBasis: Hashable, Sendable {
    /// The digest of the rules in force.
    public var configDigest: Digest
    /// The store's generation when the plan was made.
    public var storeGeneration: Int64
    /// The digest over the digests of all changes, as the run worked it out.
    public var planDigest: Digest
    /// Of which store it was made; `nil` in a file of the first version, which does not say.
    public var origin: PlanOrigin?

    public init(configDigest: Digest, storeGeneration: Int64, planDigest: Digest, origin: PlanOrigin?) {
        self.configDigest = configDigest
        self.storeGeneration = storeGeneration
        self.planDigest = planDigest
        self.origin = origin
    }
}

/// What a whole and unaltered plan file says beside its changes.
public struct PlanFile: Hashable, Sendable {
    public let runID: RunID
    /// When the plan was made.
    public let started: Instant
    /// The source's name in the store's keys.
    public let sourceName: String
    /// `ldap` or `file`.
    public let sourceType: String
    public let basis: PlanFileBasis
    /// The number of changes.
    public let changeCount: Int
    /// The digest of all that stands in the file.
    public let sum: Digest

    /// What a run must know of it.
    public var saved: SavedPlan { SavedPlan(digest: sum, made: started, origin: basis.origin) }
    /// The guards that held.
    public let heldGuards: Set<GuardName>
}

/// One change of a plan file: what is needed to compare it with a change of a fresh plan.
public struct PlanFileChange: Hashable, Sendable {
    /// The anchor's text, see `Anchor.description`.
    public let anchor: String
    /// The name by which a person knows the user.
    public let username: String
    public let action: Action
    /// The permission group of a grant or revocation.
    public let group: String?
    /// The guard that held this very change.
    public let heldBy: GuardName?
    public let digest: Digest
}

extension PlanFile {
    static let schema = "rollcall.plan/1"
    /// What every version's schema starts with.
    static let schemaFamily = "rollcall.plan/"

    /// How the last line begins, which no other does.
    static let trailerOpening = Array("{\"changes\": ".utf8)

    /// The last line without its end: the number of changes, the plan's digest, and the SHA-256 of all bytes before the line.
    static func trailer(changes: Int, planDigest: Digest, sum: Digest) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject(inline: true)
        json.member("changes", changes)
        json.member("plan_digest", planDigest)
        json.member("sha256", sum)
        json.endObject()
        return json.gathered
    }
}
