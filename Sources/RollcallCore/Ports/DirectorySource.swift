/// An upstream directory: something that can be read whole, and asked about one entry at a time.
///
/// Sources know neither each other nor a store.
public protocol DirectorySource: Sendable {
    /// Starts one reading. The connection, its verification and its authentication happen here.
    ///
    /// - Throws: ``SourceError`` when no reading could be started.
    func read(_ request: ReadRequest) async throws(SourceError) -> any DirectoryReading

    /// Looks each anchor up by itself, without the filter and over the whole naming context, and says where it stands. They are all
    /// of users or all of groups: ``ReadRequest/sought``.
    ///
    /// The answers are in the order of the anchors. An anchor that cannot be decided is ``Presence/unknown(_:)``; only a failure
    /// of the connection is thrown.
    func lookUp(_ anchors: [Anchor], _ request: ReadRequest) async throws(SourceError) -> [Presence]
}

/// One reading of a source in progress. It pulls: nothing is read ahead beyond a small, fixed number of batches.
public protocol DirectoryReading: AnyObject, Sendable {
    /// The next batch, or the proof that all of them were delivered.
    ///
    /// - Throws: ``SourceError`` when the reading cannot be whole. After that, and after the end, the reading is over.
    func next() async throws(SourceError) -> ReadStep

    /// Ends the reading early and releases what it holds. Harmless after the end.
    func cancel()
}

/// What a reading asks for: the slots of a user entry, and the attributes that make a group.
public struct ReadRequest: Sendable {
    /// The attributes of users, by slot.
    public var users: AttributeLayout
    /// The immutable id of groups.
    public var groupAnchor: AttributeName
    /// The name of groups.
    public var groupName: AttributeName
    /// The attributes whose values name a group's members.
    public var groupMembers: [AttributeName]
    /// Whether groups are read at all; without a rule on groups nothing is asked.
    public var readsGroups: Bool
    /// Whether everything is asked for: batches then have ``EntryBatch/raw`` alone. What stands above is asked for beside all that a
    /// source gives by itself.
    public var isRaw = false
    /// The mark of the last applied snapshot, when a source that is still the same need not be read again: the rules are the same.
    public var known: String?
    /// From where on changes are enough; `nil` when all is to be read. A source that cannot tell changes reads all.
    public var following: FollowMark?
    /// What a look-up looks for. A reading does not ask.
    public var sought = EntryKind.user
    /// Told at each sign of life of the source, on whatever thread: an answer, a piece of one, a slice of a wait that the source asked for.
    /// A time limit bounds each of them, so that a source that hangs is silent.
    public var alive: @Sendable () -> Void = {}
    /// Whether some rule means a group of this id and name. The members of the others are not needed, but for those in between.
    public var means: @Sendable (Anchor, Text) -> Bool = { _, _ in true }

    public init(
        users: AttributeLayout, groupAnchor: AttributeName, groupName: AttributeName, groupMembers: [AttributeName], readsGroups: Bool
    ) {
        self.users = users
        self.groupAnchor = groupAnchor
        self.groupName = groupName
        self.groupMembers = groupMembers
        self.readsGroups = readsGroups
    }
}

/// The two kinds of entry that a directory is read for.
public enum EntryKind: Hashable, Sendable {
    case user
    case group
}

/// One step of a reading.
public enum ReadStep: Sendable {
    case batch(EntryBatch)
    case end(ReadProof)
}

/// Some entries of a reading, in the order in which the source gave them.
public struct EntryBatch: Sendable {
    public var users: [Entry]
    public var groups: [GroupEntry]
    public var rejected: [RejectedEntry]
    /// The entries of a raw reading, which has no others; see ``ReadRequest/isRaw``.
    public var raw: [RawEntry] = []
    /// Where the entries stand in a file, in which two records may have one id; `nil` for a source that changes while it is read.
    public var places: RecordPlaces?

    public init(users: [Entry] = [], groups: [GroupEntry] = [], rejected: [RejectedEntry] = []) {
        self.users = users
        self.groups = groups
        self.rejected = rejected
    }

    /// The number of entries, rejected ones too.
    public var count: Int { users.count + groups.count + rejected.count + raw.count }

    /// About the bytes that the entries take.
    public var byteCount: Int {
        let made = groups.reduce(users.reduce(0) { $0 + $1.image.count }) { $0 + $1.members.byteCount }
        return raw.reduce(made) { $0 + $1.bytes.count }
    }
}

/// Where the entries of a batch stand in a file.
public struct RecordPlaces: Sendable {
    /// What stands before a number: `people.ldif:`.
    public let prefix: String
    /// For each user of the batch the number of its line or resource.
    public var users: [Int] = []
    /// For each group of the batch the number of its line or resource, 0 where that is not known.
    public var groups: [Int] = []

    public init(prefix: String) {
        self.prefix = prefix
    }
}

/// An entry that cannot be used. It counts as present: it is read, it is not parsed, and no user is gone for it.
public struct RejectedEntry: Hashable, Sendable {
    /// The anchor if it could be read.
    public let anchor: Anchor?
    /// The name or place by which a person finds it.
    public let subject: Text
    /// What is wrong with it, in one line.
    public let reason: String
    /// Whether it is of a group.
    public var kind = EntryKind.user
    /// Further values where the anchor should have one: an entry that was known by any of them is there.
    public var others: [Anchor] = []
    /// What of a user can be read all the same, for what it proves: it may take access away, and gives none.
    public var readable: Entry?
    /// Whether groups name the entry by the name that it has, so that a group which does not name it says that it is no member.
    public var hasCertainName = false

    public init(anchor: Anchor?, subject: Text, reason: String) {
        self.anchor = anchor
        self.subject = subject
        self.reason = reason
    }
}

/// The proof that a reading is whole. What has no proof cannot be settled.
public struct ReadProof: Hashable, Sendable {
    /// The server or file that answered, as a person would name it.
    public var server: String
    /// User entries delivered, rejected ones not counted.
    public var users: Int
    /// Group entries delivered, rejected ones not counted.
    public var groups: Int
    /// Entries that could not be used.
    public var rejected: Int
    /// Answers that a paged reading came in; 1 for a file.
    public var pages: Int
    /// The protocol's result code of the last answer; 0 is success and nothing else is a proof.
    public var result: Int
    /// The source's own mark of how far its data goes (`contextCSN`), compared between runs and never with our clock.
    public var watermark: String?
    /// Referrals and search continuations that config told to ignore.
    public var referralsIgnored: Int
    /// What of pages and referrals the search for groups took. Only a raw reading says it, for whoever reads it again without groups.
    public var groupSearch: SearchShare?
    /// What the source says of time. It is looked at in the run and not kept.
    public var timeMarks = TimeMarks()
    /// How much of the directory the reading gave.
    public var extent = ReadExtent.whole
    /// From where on the source could be asked for changes the next time; `nil` when it cannot. When all was read last is for the run
    /// to say.
    public var followMark: FollowMark?
    /// What a person should know of how the source was read, one sentence each.
    public var remarks: [Text] = []

    public init(
        server: String, users: Int, groups: Int, rejected: Int, pages: Int, result: Int, watermark: String? = nil, referralsIgnored: Int = 0
    ) {
        self.server = server
        self.users = users
        self.groups = groups
        self.rejected = rejected
        self.pages = pages
        self.result = result
        self.watermark = watermark
        self.referralsIgnored = referralsIgnored
    }
}

/// How much of a directory a reading gives.
public enum ReadExtent: String, Hashable, Sendable, CaseIterable {
    /// All of it: who is missing is absent.
    case whole
    /// What has changed since a mark (``ReadRequest/following``). All else is as it was kept, if the source has as many more entries as
    /// came for the first time (``ReadProof/followMark``).
    case changes
    /// Nothing: the source has proved that it is what it was at the mark that was asked for (``ReadRequest/known``).
    case unchanged
    /// Nothing: the source could not be read. What was kept is enough to end what ends at its time.
    case lastSnapshot = "last_snapshot"
}

/// The share that one of several searches has in a proof.
public struct SearchShare: Hashable, Sendable {
    public var pages: Int
    public var referralsIgnored: Int

    public init(pages: Int, referralsIgnored: Int) {
        self.pages = pages
        self.referralsIgnored = referralsIgnored
    }
}

/// What could be searched of a naming context, parts of which lie on other servers.
public struct PartialContext: Hashable, Sendable {
    /// The base that was searched.
    public var base: Text
    /// The naming context that it belongs to.
    public var context: Text

    public init(base: Text, context: Text) {
        self.base = base
        self.context = context
    }
}

/// Where one anchor stands when it is looked up by itself.
public enum Presence: Hashable, Sendable {
    /// The entry exists inside base and filter: a reading without it was not whole.
    case inScope
    /// The entry exists, but outside base or filter.
    case leftScope(dn: Text)
    /// No such entry below the base, and the rest of the naming context lies in part on other servers.
    case notBelowBase(PartialContext)
    /// The server knows no such entry.
    case gone
    /// The look-up could not have told; the reason in one line.
    case unknown(String)
}

/// Why a source could not be read or asked.
///
/// The text is one line for a tired admin: what failed, on what, with which number, and what to do next. It never holds a secret.
public struct SourceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Hashable, Sendable {
        /// No server could be reached, or the connection was lost.
        case unreachable
        /// The server's certificate or TLS itself was refused.
        case untrusted
        /// The server refused the credentials; they are not tried again.
        case credentials
        /// The server answered with something else than success, or cut the answer short.
        case incomplete
        /// The data changed under the reading, or the reading contradicts itself; another try may succeed.
        case unstable
        /// The reading took longer than its deadline or an answer longer than its timeout.
        case timeout
        /// The source's own text breaks its format; says where.
        case malformed
        /// The run was told to stop.
        case cancelled
    }

    public let code: Code
    /// The server, file or entry that it is about.
    public let subject: String
    /// What failed and with which number.
    public let message: String
    /// What to do next; empty when there is nothing to add.
    public let advice: String

    public init(_ code: Code, subject: String, message: String, advice: String = "") {
        self.code = code
        self.subject = subject
        self.message = message
        self.advice = advice
    }

    /// Whether the same call may succeed later without anybody's doing.
    public var isTransient: Bool {
        switch code {
        case .unreachable, .timeout, .unstable: true
        case .untrusted, .credentials, .incomplete, .malformed, .cancelled: false
        }
    }

    public var description: String {
        advice.isEmpty ? "\(subject): \(message)" : "\(subject): \(message); \(advice)"
    }
}
