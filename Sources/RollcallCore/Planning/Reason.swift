/// Why a change is made, as a value: reports make the sentence.
public enum Reason: Hashable, Sendable {
    /// The entry is new.
    case newEntry(NewAccount)
    /// Attributes have other values upstream.
    case changedUpstream
    /// The username is another one upstream.
    case renamedUpstream
    /// The user is active upstream again.
    case activeAgain(Return)
    /// The user loses access, or the account.
    case left(Departure, Ending)
    /// The user is a member of a mapped group.
    case member
    /// The user is a member of a group that the rule means now, in place of the one that it has pinned.
    case memberOfReplacement
    /// No mapped group has the user as a member any longer.
    case noLongerMember
    /// The group that a rule has pinned vanished, or another group has its name.
    case lostGroup
    /// The entry and the local account of this username share an identifier.
    case sameIdentifier(ChangeRule.Adopted, Text)
    /// The config declares the permission group so.
    case declared(Declaration)
    /// Deleted accounts give up their names, or get them back.
    case names(Names)
    /// The sentence of an earlier version.
    case legacy(String)

    /// What becomes of a new entry's account.
    public enum NewAccount: Hashable, Sendable {
        case active
        /// `lifecycle.new_users: invited`.
        case invited
        /// `lifecycle.new_users: inactive`.
        case waiting
        /// A status rule decides.
        case status(StatusReason)
        /// The status cannot be told, and `lifecycle.status_missing` decides.
        case missing(StatusReason, Lifecycle.MissingStatus)
    }

    /// How a user comes back.
    public struct Return: Hashable, Sendable {
        /// Whether the invitation is still open.
        public var isInvited = false
        /// The role that comes back with the account, unless it is none.
        public var role = Role.none
        /// The privileged groups that come back with it.
        public var groups: [Text] = []

        public init(isInvited: Bool = false, role: Role = .none, groups: [Text] = []) {
            self.isInvited = isInvited
            self.role = role
            self.groups = groups
        }
    }

    /// Why upstream no longer gives a user access.
    public enum Departure: Hashable, Sendable {
        /// The directory has no such entry.
        case gone
        /// The entry is outside of base or filter.
        case leftScope(Text)
        /// The entry is not below the base, of which a part lies on other servers.
        case notBelowBase(PartialContext)
        /// The reading lacks the entry; a guard holds, so it was not looked up.
        case notLookedUp
        /// The reading lacks the entry.
        case absent
        /// An `ignore` filter matches it.
        case ignored(String)
        /// A status rule says so.
        case status(StatusReason)
    }

    /// What ends with a departure, and after which waiting.
    public struct Ending: Hashable, Sendable {
        /// The permission groups that end with it, in order.
        public var groups: [Text] = []
        /// The waiting that is over.
        public var waited: Waiting?

        public init(groups: [Text] = [], waited: Waiting? = nil) {
            self.groups = groups
            self.waited = waited
        }
    }

    /// A waiting period of the lifecycle that is over.
    public enum Waiting: Hashable, Sendable {
        /// `lifecycle.delete_after`.
        case inactive(Span)
        /// `lifecycle.purge_after`.
        case deleted(Span)
    }

    /// How a permission group differs from what the config declares.
    public struct Declaration: Hashable, Sendable {
        /// How many active users have it; `nil` for a group that is new.
        public var holders: Int?
        /// The permissions that it gains and loses, in order.
        public var gained: [Text]
        public var lost: [Text]

        public init(holders: Int?, gained: [Text] = [], lost: [Text] = []) {
            self.holders = holders
            self.gained = gained
            self.lost = lost
        }
    }

    /// The deleted accounts whose names move.
    public struct Names: Hashable, Sendable {
        /// Whether the names become free, rather than the accounts' own again.
        public var areFreed: Bool
        /// The first few usernames, and how many more there are.
        public var first: [Text]
        public var more: Int

        public init(areFreed: Bool, first: [Text], more: Int) {
            self.areFreed = areFreed
            self.first = first
            self.more = more
        }
    }
}

/// What the status rules say of an entry, and by which of them.
public enum StatusReason: Hashable, Sendable {
    /// No rule matches.
    case noRule
    /// These rules match, the deciding one first.
    case matching([Rule])
    /// Whether this rule matches cannot be told.
    case unknown(Rule)

    /// A status rule as a report names it.
    public struct Rule: Hashable, Sendable {
        /// Its number, from 1.
        public var number: Int
        /// Its text in the config.
        public var text: String

        public init(_ number: Int, _ text: String) {
            self.number = number
            self.text = text
        }
    }
}
