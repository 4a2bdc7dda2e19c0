public import RollcallCore

/// Reads the entries of an LDAP directory again from a snapshot, by the code that reads the directory itself.
///
/// Where the server was asked the same, its own answer decides what is a user or a group; else our evaluation of the filter does.
public struct LDAPReplay: RawReplay {
    public init() {}

    public func decoder(_ request: ReadRequest, _ scope: ReplayScope, server: String) -> any RawDecoder {
        ReplayDecoder(request, scope)
    }

    public func search(_ anchors: [Anchor], _ request: ReadRequest, _ scope: ReplayScope, server: String) -> any RawSearch {
        ReplaySearch(anchors, request, scope)
    }
}

extension ReplayScope {
    /// Whether an entry that the search for users found then is one now.
    fileprivate func selectsUser(_ entry: RawEntry) -> Bool {
        hasSameUsers || LDAPReplay.matches(entry, users)
    }

    fileprivate func selectsGroup(_ entry: RawEntry) -> Bool {
        hasSameGroups || groups.map { LDAPReplay.matches(entry, $0) } ?? false
    }
}

extension LDAPReplay {
    fileprivate static func matches(_ entry: RawEntry, _ search: LDAPSettings.Search) -> Bool {
        guard let subject = RawSubject(entry) else { return false }
        guard search.isEverywhere || subject.distinguishedName.map(search.covers) == true else { return false }
        return search.filter.evaluate(on: subject) == .yes
    }
}

private final class ReplayDecoder: RawDecoder {
    private let readsGroups: Bool
    private let scope: ReplayScope
    private var users: UserDecoder
    private var groups: GroupDecoder

    init(_ request: ReadRequest, _ scope: ReplayScope) {
        readsGroups = request.readsGroups
        self.scope = scope
        users = UserDecoder(request.users)
        groups = GroupDecoder(request)
    }

    func take(_ entry: RawEntry) -> Bool {
        let isWhole: Bool? = entry.withCursor { cursor in
            let kind = cursor.kind
            var fields = RawFields(cursor)
            do throws(SourceError) {
                if kind == .group {
                    if readsGroups, scope.selectsGroup(entry) { try groups.add(&fields) }
                } else if scope.selectsUser(entry) {
                    try users.add(&fields)
                }
            } catch {
                return false
            }
            return !fields.isDamaged
        }
        return isWhole == true
    }

    func takeBatch() -> EntryBatch {
        let fromGroups = groups.takeBatch()
        let fromUsers = users.takeBatch()
        return EntryBatch(users: fromUsers.users, groups: fromGroups.groups, rejected: fromGroups.rejected + fromUsers.rejected)
    }
}

/// Looks for anchors among the kept users, or among the kept groups. An entry that was not kept says nothing: it may be elsewhere in the directory.
private final class ReplaySearch: RawSearch {
    private let anchorName: AttributeName
    private let sought: EntryKind
    private let scope: ReplayScope
    private var found: [ArraySlice<UInt8>: Presence?]

    init(_ anchors: [Anchor], _ request: ReadRequest, _ scope: ReplayScope) {
        sought = request.sought
        anchorName = sought == .group ? request.groupAnchor : request.users.names.first ?? AttributeName(known: "entryUUID")
        self.scope = scope
        found = Dictionary(anchors.map { ($0.bytes[...], nil) }, uniquingKeysWith: { first, _ in first })
    }

    func take(_ entry: RawEntry) -> Bool {
        let isWhole = entry.withCursor { cursor in
            let isSought = (cursor.kind == .group) == (sought == .group)
            let dn = cursor.dn
            var isAnchor = false
            while let item = cursor.next() {
                switch item {
                case .attribute(let description): isAnchor = isSought && AttributeName(bytes: description) == anchorName
                case .value(let value) where isAnchor: note(Array(value)[...], entry, dn)
                case .value, .cut: continue
                }
            }
            return !cursor.isDamaged
        }
        return isWhole == true
    }

    private func note(_ anchor: ArraySlice<UInt8>, _ entry: RawEntry, _ dn: UnsafeBufferPointer<UInt8>) {
        guard found.keys.contains(anchor) else { return }
        let isSelected = sought == .group ? scope.selectsGroup(entry) : scope.selectsUser(entry)
        found[anchor] = isSelected ? .inScope : .leftScope(dn: Text(String(decoding: dn, as: UTF8.self)))
    }

    func presence(of anchor: Anchor) -> Presence? {
        found[anchor.bytes[...]] ?? nil
    }
}
