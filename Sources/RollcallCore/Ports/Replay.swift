/// Makes of raw entries what a reading of the source that they came from makes of its own.
///
/// Each kind of source has one, over the same code that its readings use, so that a plan from a snapshot is the plan of the time.
public protocol RawReplay: Sendable {
    /// What turns entries into users and groups by these rules.
    func decoder(_ request: ReadRequest, _ scope: ReplayScope, server: String) -> any RawDecoder

    /// What looks for `anchors` among the entries.
    func search(_ anchors: [Anchor], _ request: ReadRequest, _ scope: ReplayScope, server: String) -> any RawSearch
}

/// Turns raw entries into those that a run reads.
public protocol RawDecoder: AnyObject {
    /// Takes one entry; `false` when its bytes are none of an entry.
    func take(_ entry: RawEntry) -> Bool

    /// The entries since the last call.
    func takeBatch() -> EntryBatch

    /// The entries since the last call, when no more come.
    func takeLastBatch() -> EntryBatch

    /// What a person should know of how the entries were read.
    var remarks: [Text] { get }
}

extension RawDecoder {
    public func takeLastBatch() -> EntryBatch { takeBatch() }

    public var remarks: [Text] { [] }
}

/// Looks for some anchors among raw entries.
public protocol RawSearch: AnyObject {
    /// Takes one entry; `false` when its bytes are none of an entry.
    func take(_ entry: RawEntry) -> Bool

    /// What the entries say about an anchor, once all were taken; `nil` when they say nothing.
    func presence(of anchor: Anchor) -> Presence?
}

/// Which of the kept entries are users and groups now, and whether the source itself has said so.
public struct ReplayScope: Sendable {
    /// Where and which entries are users by the config of now.
    public var users: LDAPSettings.Search
    /// Where and which entries are groups by the config of now.
    public var groups: LDAPSettings.Search?
    /// Whether the source was asked for the same users; its own answer then counts.
    public var hasSameUsers: Bool
    /// Whether the source was asked for the same groups.
    public var hasSameGroups: Bool

    public init(_ header: SnapshotHeader, _ source: SourceSettings) {
        users = source.users
        groups = source.groups
        hasSameUsers = users.selectsTheSame(as: header.users)
        hasSameGroups = groups.map { now in header.groups.map { now.selectsTheSame(as: $0) } ?? false } ?? false
    }
}
