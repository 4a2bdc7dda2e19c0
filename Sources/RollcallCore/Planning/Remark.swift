/// Something to be said about one entry that is not a change.
public struct Remark: Hashable, Sendable {
    /// What sort of thing it is.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Something cannot be decided; it withholds what it disputes.
        case conflict
        /// A status attribute cannot be read, so the status stays as it is.
        case undecided
        /// A difference that is seen and by rule left alone.
        case drift
        /// A difference that protection leaves alone.
        case protected
        /// Worth knowing.
        case warning
    }

    /// What it is about.
    public var cause: Cause
    /// Whether the last applied run did not have it.
    public var isNew: Bool
    /// Whether a person has taken it as settled as it is; it is then not new.
    public var isAcknowledged = false
    /// Whether it is about an account that has access although its status cannot be told. No run takes that for known, and nobody can
    /// acknowledge it. It is not kept with the row.
    public var isPressing = false

    public init(_ cause: Cause, isNew: Bool = true) {
        self.cause = cause
        self.isNew = isNew
    }

    public var kind: Kind { cause.kind }
    /// A short, stable word for programs: `username_taken`, `email_disputed`, `left_scope_unconfirmed`.
    public var code: String { cause.code }
    /// What it is about, in one line.
    public var message: String { cause.sentence }
}

extension Remark {
    /// What a remark is about, as a value: reports make sentence and advice.
    public enum Cause: Hashable, Sendable {
        /// The entry has no user, and cannot be used.
        case unusable(String)
        /// The entry of a user cannot be used, so it gives the user nothing.
        case unusableEntryOfUser(String)
        /// An administrator has purged the account that the entry had.
        case purgedHere
        /// The entry has no value for the username; its user keeps the one given here, if there is a user.
        case noUsername(keeping: Text?)
        /// The username of an entry without a user cannot be read.
        case usernameUnreadable
        /// The entry wants a protected username; its user keeps the one given here, if there is a user.
        case protectedName(Text, keeping: Text?)
        /// The status of an entry cannot be told, so it gets no account.
        case statusUnknown(StatusReason)
        /// The status of a user cannot be told and stays as it is.
        case statusUndecided(StatusReason, UserStatus)
        /// A username or email cannot be had.
        case claim(Claim)
        /// An administrator has deleted the account of an entry that is present.
        case deletedHere
        /// The user has another username upstream, and usernames are kept.
        case usernameKept(Text)
        /// An administrator has deactivated the account of a user who is active upstream.
        case heldHere
        /// An administrator has deactivated the account of a user whom upstream gives up.
        case heldHereAndLeft(Reason.Departure)
        /// The user is protected, so a change was left alone.
        case protected(Action, group: Text?, Reason)
        /// The policy keeps the user's access, or the account.
        case accessKept(Action, Reason.Departure)
        /// The policy keeps a membership.
        case membershipKept(Text)
        /// The entry is absent, and why could not be found out.
        case unconfirmed(String)
        /// Memberships stay for one run: groups name the DN that the entry had before it moved.
        case moved([Text])
        /// A lock that passes by itself, by a status rule's text.
        case temporaryLock(String)
        /// The username has letters of several scripts.
        case lookalike(Text)
        /// A field's value cannot be read.
        case unreadable(UserField)
        /// A field has several values upstream; the least is given here.
        case severalValues(UserField, count: Int, least: Text)
        /// About the run as a whole.
        case ofRun(Text)
        /// The words of an earlier version.
        case legacy(Legacy)
    }

    /// A username or email that an entry wants and cannot have.
    public struct Claim: Hashable, Sendable {
        /// What stands in the way.
        public enum Obstacle: Hashable, Sendable {
            /// A user has it, who is linked to another entry or local.
            case taken(by: Text, isLinked: Bool)
            /// A user has it whose entry is gone.
            case recycled(from: Text)
            /// Other entries want it too: the first few by name.
            case disputed(with: [Text])
            /// A user has it who would give it up, and waits for another conflict to end.
            case blocked(by: Text)
        }

        /// What comes of it.
        public enum Outcome: Hashable, Sendable {
            case noAccount
            case noEmail
            case staysDeleted
            case keeps(Text)
        }

        /// `username` or `email`.
        public var kind: ClaimKind
        /// What is wanted.
        public var name: Text
        public var obstacle: Obstacle
        public var outcome: Outcome

        public init(_ kind: ClaimKind, _ name: Text, _ obstacle: Obstacle, _ outcome: Outcome) {
            self.kind = kind
            self.name = name
            self.obstacle = obstacle
            self.outcome = outcome
        }
    }

    /// A remark as an earlier version kept it.
    public struct Legacy: Hashable, Sendable {
        public var kind: Kind
        public var code: String
        public var message: String
        public var advice: String

        public init(_ kind: Kind, _ code: String, _ message: String, advice: String = "") {
            self.kind = kind
            self.code = code
            self.message = message
            self.advice = advice
        }
    }
}

extension Remark.Cause {
    public var kind: Remark.Kind {
        switch self {
        case .unusable, .purgedHere, .noUsername, .usernameUnreadable, .protectedName, .statusUnknown, .claim: .conflict
        case .unusableEntryOfUser, .statusUndecided: .undecided
        case .deletedHere, .usernameKept, .heldHere, .heldHereAndLeft, .accessKept, .membershipKept, .temporaryLock: .drift
        case .protected: .protected
        case .unconfirmed, .moved, .lookalike, .unreadable, .severalValues, .ofRun: .warning
        case .legacy(let legacy): legacy.kind
        }
    }

    /// A short, stable word for programs.
    public var code: String {
        switch self {
        case .unusable, .unusableEntryOfUser: "unusable"
        case .purgedHere: "purged_here"
        case .noUsername: "no_username"
        case .usernameUnreadable: "username_unreadable"
        case .protectedName: "protected_name"
        case .statusUnknown, .statusUndecided: "status_unknown"
        case .claim(let claim): claim.code
        case .deletedHere: "deleted_here"
        case .usernameKept: "username"
        case .heldHere, .heldHereAndLeft: "held_here"
        case .protected: "protected"
        case .accessKept, .membershipKept: "policy"
        case .unconfirmed: "unconfirmed"
        case .moved: "moved"
        case .temporaryLock: "temporary_lock"
        case .lookalike: "lookalike"
        case .unreadable: "unreadable"
        case .severalValues: "several_values"
        case .ofRun: "run"
        case .legacy(let legacy): legacy.code
        }
    }
}

extension Remark.Claim {
    fileprivate var code: String {
        switch obstacle {
        case .taken: "\(kind.name)_taken"
        case .recycled: "\(kind.name)_recycled"
        case .disputed: "\(kind.name)_disputed"
        case .blocked: "\(kind.name)_blocked"
        }
    }
}

extension Remark {
    /// What tells this remark from others about the same entry, for knowing it again in the next run.
    public var mark: Digest {
        var writer = RecordWriter()
        cause.write(to: &writer)
        return Digest(hashing: writer.bytes)
    }

    /// What told it from others before remarks were values: the first bytes of a digest over its words.
    public var legacyMark: [UInt8] {
        var builder = DigestBuilder()
        builder.addField(kind.rawValue)
        builder.addField(code)
        builder.addField(message)
        return Array(builder.digest().bytes.prefix(RemarkMarks.legacySize))
    }
}
