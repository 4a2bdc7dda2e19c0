/// What a decision looks at: one entry, the user linked to it, and what the whole directory says about the two.
public struct Pair: Sendable {
    public var anchor: Anchor
    /// The entry's distinguished name, for naming it.
    public var dn: Text
    public var side: UpstreamSide
    /// The linked user; `nil` when there is none.
    public var user: LocalUser?
    /// What the readable part of a rejected entry asks for; `nil` when nothing of it can be read.
    public var readable: DesiredUser?
    /// Whether ``wantedGrants`` are all that the group rules give to a rejected entry.
    public var knowsGroups = false
    /// Every membership of the linked user.
    public var grants: [Grant]
    /// What the group rules give to the entry, in the order of the permission groups.
    public var wantedGrants: [WantedGrant]
    /// What the entry had by way of pinned groups that vanished or were replaced, in the order of the rules for each permission group.
    public var lostGrants: [LostGrant]
    /// The permission groups that the group rules give to the name which the entry had in the last applied snapshot, if it moved since
    /// and no entry has that name now.
    public var formerNameGrants: Set<Text> = []
    /// Whether the entry may have the username that it wants.
    public var usernameClaim: ClaimVerdict
    /// Whether the entry may have the email that it wants.
    public var emailClaim: ClaimVerdict
    /// What was noted about the entry by the last applied run, as ``RemarkMarks``.
    public var noted: [UInt8]
    /// What earlier runs did to the linked user.
    public var past = PastRuns()
    /// The local user whom the entry may adopt; `nil` when config adopts nobody, or no single one has the name.
    public var candidate: Candidate?
    /// The unknown anchor that has the username of this absent entry's user, as text; `nil` when there is none.
    public var movedTo: String?
    /// Those of them that a person has taken as settled.
    public var acknowledged: [UInt8]
    /// Whether an application has removed the row of the entry's user, so that none is made again.
    public var isTombstoned: Bool
    /// Whether a person has linked the user to this entry because it has their username, and no run has found the two in order since.
    public var isHandedOver = false
    /// Whether the linked user is deleted and their names are anybody's, so that coming back takes a claim as creating them does.
    public var areNamesFree = false

    public init(anchor: Anchor, dn: Text, side: UpstreamSide) {
        self.anchor = anchor
        self.dn = dn
        self.side = side
        user = nil
        grants = []
        wantedGrants = []
        lostGrants = []
        usernameClaim = .granted
        emailClaim = .granted
        noted = []
        acknowledged = []
        isTombstoned = false
    }
}

/// What runs did to a linked user before, kept beside the entry.
public struct PastRuns: Hashable, Sendable {
    /// When upstream gave the user up: the first applied absence, or the first match of a rule that deletes; `nil` when it has not.
    public var leavingSince: Instant?
    /// When a run deleted the user; `nil` when none did, so that a deleted user was deleted by an administrator.
    public var deletedAt: Instant?
    /// Whether a run deactivated the user while invited.
    public var wasInvited = false

    public init() {}
}

/// A local user whom an entry may adopt.
public struct Candidate: Hashable, Sendable {
    public var user: LocalUser
    /// Every membership of theirs.
    public var grants: [Grant]

    public init(user: LocalUser, grants: [Grant]) {
        self.user = user
        self.grants = grants
    }
}

/// What upstream says about one anchor.
public enum UpstreamSide: Sendable {
    case present(DesiredUser)
    /// The entry is there and cannot be used; the reason in one line.
    case rejected(String)
    /// The entry is not in the snapshot.
    case absent(Absence)
}

/// What is known of an entry that a whole reading did not have.
public enum Absence: Hashable, Sendable {
    /// Looked up: the server knows no such entry.
    case gone
    /// Looked up: it is outside base or filter.
    case leftScope(dn: Text)
    /// Looked up: it is not below the base, nor anywhere else that could be searched.
    case notBelowBase(PartialContext)
    /// Looked up, and it could not be told.
    case unconfirmed(String)
    /// Not looked up, because config says that a reading is enough.
    case unasked
    /// Not looked up, because a guard holds the plan before anything is looked up in bulk.
    case notLookedUp
}

/// What an account claims for itself alone.
public enum ClaimKind: Int64, Hashable, Sendable, CaseIterable {
    case username = 1
    case email = 2

    /// The name of the field that holds it.
    public var name: String {
        switch self {
        case .username: "username"
        case .email: "email"
        }
    }
}

/// Whether an entry may have a username or email that it wants.
public enum ClaimVerdict: Hashable, Sendable {
    /// It is free, the user's own, or given up by its holder in the same run.
    case granted
    /// As granted, once a person has let a privileged user give it up.
    case waiting
    /// A user holds it and keeps it.
    case taken(by: ClaimHolder)
    /// As taken, and the entry of the user who holds it is not in the snapshot: a recycled name, or a server that was rebuilt.
    case recycled(from: ClaimHolder)
    /// Other entries want it too, and nobody holds it or its holder gives it up; the others by name, the first few.
    case disputed(with: [Text])
    /// Its holder wanted to give it up, but waits for something else.
    case blocked(by: ClaimHolder)
}

/// The user who holds a claim.
public struct ClaimHolder: Hashable, Sendable {
    public var userID: Int64
    public var username: Text
    /// Whether the user is linked to an entry; otherwise they are local.
    public var isLinked: Bool

    public init(userID: Int64, username: Text, isLinked: Bool) {
        self.userID = userID
        self.username = username
        self.isLinked = isLinked
    }
}

extension Pair {
    /// The permission groups that end with the account's access, in order.
    var endingGroups: [Text] { grants.filter { $0.origin == .source }.map(\.group).sorted() }
}
