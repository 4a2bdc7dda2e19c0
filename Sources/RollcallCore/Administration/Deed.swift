/// What a person can do to the store beside any run: the ways out of what a report says.
public enum Deed: Hashable, Sendable {
    /// No run applies anything until it is resumed.
    case pause(reason: Text?)
    case resume
    /// Takes drift and conflicts as known and settled, as long as they stay what they are.
    case acknowledge(RemarkSelection)
    case withdraw(RemarkSelection)
    /// Lets a source through whose data is older than what the last applied run read.
    case acceptSource(server: Text, watermark: Text?, clock: Instant)
    /// Gives linked users the entries that have their usernames now, after a server was rebuilt.
    case reanchor([MovedAnchor])
    /// Deactivates an account here, whatever upstream says.
    case hold(user: Text)
    case release(user: Text)
    /// Links accounts that are local to entries, all or none.
    case link([LinkRequest])
    case unlink(user: Text)
    /// Brings back an account that was deleted here, or lets a purged one be created again.
    case restore(Text)
    /// Pins for group rules what they say now, in place of groups that vanished or were replaced.
    case repin([PinStanding])

    /// Claims the names of accounts that no run has claimed yet, so that they are in the views.
    case claimNames

    /// The command that does it, as the audit log names it.
    public var verb: String {
        switch self {
        case .pause: "pause"
        case .resume: "resume"
        case .acknowledge: "ack"
        case .withdraw: "ack --withdraw"
        case .acceptSource: "source accept"
        case .reanchor: "reanchor"
        case .hold: "users hold"
        case .release: "users release"
        case .link: "users link"
        case .unlink: "users unlink"
        case .restore: "users restore"
        case .repin: "groups repin"
        case .claimNames: "users claim"
        }
    }
}

/// A linked user whose username came with an unknown anchor while their own entry is missing.
public struct MovedAnchor: Hashable, Sendable {
    public var username: Text
    public var old: Anchor
    public var new: Anchor
    /// Where the entry with the unknown anchor is.
    public var dn: Text
    /// Whom that entry names: its display name and email; `nil` when it has none.
    public var displayName: Text?
    public var email: Text?

    public init(username: Text, old: Anchor, new: Anchor, dn: Text) {
        self.username = username
        self.old = old
        self.new = new
        self.dn = dn
    }
}

/// Which drift and conflicts are meant.
public enum RemarkSelection: Hashable, Sendable {
    case all
    /// Those about users or entries of these names: a username, an anchor or a DN.
    case about([Text])
}

/// One account and the entry that it is to be linked to.
public struct LinkRequest: Hashable, Sendable {
    /// How the account is named.
    public enum Account: Hashable, Sendable {
        /// By username or email.
        case named(Text)
        /// By the store's id; it must still have the username that a file shows.
        case id(Int64, shownAs: String)
    }

    /// How the entry is named.
    public enum Target: Hashable, Sendable {
        /// By anchor, DN or the username that it asks for.
        case named(Text)
        case anchor(Anchor)
    }

    public var account: Account
    public var entry: Target
    /// Where it was asked for, as an error begins: `matches.csv:3`; `nil` for the command line.
    public var place: String?

    public init(_ account: Account, to entry: Target, at place: String? = nil) {
        self.account = account
        self.entry = entry
        self.place = place
    }

    /// Whether a file shows an account so: a spreadsheet gets some names with apostrophes, and may take them away.
    public static func isShown(_ username: Text, as shown: String) -> Bool {
        DisplayEscaping.escapedForTerminal(username).filter { $0 != "'" } == shown.filter { $0 != "'" }
    }
}

/// A deed with who does it and by which rules.
public struct DeedRequest: Sendable {
    public var deed: Deed
    public var approver: Approver
    /// Who is protected, and how entries ask for names.
    public var rules: RuleSettings
    /// Whom the config lets approve; empty for everybody who can write the store.
    public var operators: [Operator] = []

    public init(_ deed: Deed, by approver: Approver, rules: RuleSettings) {
        self.deed = deed
        self.approver = approver
        self.rules = rules
    }
}

/// What a deed comes to, before or after it is done.
public struct DeedPlan: Hashable, Sendable {
    /// What is done, in the words in which the audit log keeps it; empty when there is nothing to do.
    public var operations: [Operation]
    /// What is shown with each operation for a person to compare, and not kept; as many as there are operations, or none.
    public var notes: [[String]] = []
    /// Why there is nothing to do; empty otherwise.
    public var idle: String

    public init(operations: [Operation] = [], idle: String = "") {
        self.operations = operations
        self.idle = idle
    }
}

/// That a source is not to be applied, and who says so.
public struct Pause: Hashable, Sendable {
    public var actor: Text
    public var since: Instant
    public var reason: Text?

    public init(actor: Text, since: Instant, reason: Text?) {
        self.actor = actor
        self.since = since
        self.reason = reason
    }

    /// Who, when and why, in one line.
    public var sentence: String {
        "the source is paused by \(actor) since \(since.wholeSeconds)" + (reason.map { ": \($0)" } ?? "")
    }
}
