/// What is known of a snapshot before its first entry.
public struct SnapshotHeader: Hashable, Sendable {
    /// When the source was read.
    public var taken: Instant
    /// `ldap` or `file`: whose words its entries are.
    public var sourceType: String
    /// The flavor that config named; `nil` for files.
    public var flavor: String?
    /// Which entries the source was asked for as users.
    public var users: LDAPSettings.Search
    /// Which entries it was asked for as groups; `nil` when for none.
    public var groups: LDAPSettings.Search?
    /// The attribute of the users' anchor at the time, by which missing users were looked up.
    public var anchor: AttributeName
    /// The attributes that the config of the time read.
    public var read: [AttributeName]

    public init(
        taken: Instant, sourceType: String, flavor: String?, users: LDAPSettings.Search, groups: LDAPSettings.Search?,
        anchor: AttributeName, read: [AttributeName]
    ) {
        self.taken = taken
        self.sourceType = sourceType
        self.flavor = flavor
        self.users = users
        self.groups = groups
        self.anchor = anchor
        self.read = read
    }
}

/// All that is known of a whole and unaltered snapshot beside its entries.
public struct SnapshotFacts: Hashable, Sendable {
    public var header: SnapshotHeader
    /// The proof of the reading that it was made of.
    public var proof: ReadProof
    /// Every attribute that some entry has.
    public var seen: Set<AttributeName>
    /// What looking up the missing users showed at the time.
    public var lookUps: Int

    public init(header: SnapshotHeader, proof: ReadProof, seen: Set<AttributeName>, lookUps: Int) {
        self.header = header
        self.proof = proof
        self.seen = seen
        self.lookUps = lookUps
    }
}

extension SnapshotFacts {
    /// What a plan from this snapshot cannot know, by a config that differs from the one of the time; none when it is the same.
    public func gaps(for source: SourceSettings, _ request: ReadRequest) -> [Text] {
        var gaps: [Text] = []
        if source.kind != header.sourceType
            || (source.isOfResources ? source.flavor != header.flavor : header.flavor == SourceSettings.json)
        {
            gaps.append(Text("the snapshot was read from a source of type \(header.sourceType), and source.type is \(source.kind)"))
        }
        gaps += scopeGaps("users", source.users, header.users)
        if request.readsGroups, let groups = source.groups {
            if let kept = header.groups {
                gaps += scopeGaps("groups", groups, kept)
            } else {
                gaps.append("the snapshot has no groups: its config had no source.groups")
            }
        }
        // A resource is kept in one piece, with all that it has.
        if source.isOfResources { return gaps }
        for name in request.attributesRead(of: source).subtracting(request.groupMembers).subtracting(seen).sorted() {
            let isSecret = SecretAttributes.contains(name)
            guard isSecret || !header.read.contains(name) else { continue }
            gaps.append(
                Text(
                    isSecret
                        ? "\(name) is read by the config and never kept in a snapshot"
                        : "\(name) is read by the config, and no entry of the snapshot has it"))
        }
        return gaps
    }

    private func scopeGaps(_ kind: String, _ now: LDAPSettings.Search, _ then: LDAPSettings.Search) -> [Text] {
        // A file is kept with all its records.
        guard header.sourceType == "ldap", !now.selectsTheSame(as: then) else { return [] }
        return [
            Text(
                "the snapshot has the \(kind) below \"\(then.base)\" (scope \(then.scope.rawValue)) that match \(then.filter), and source.\(kind) asks for others; what was outside is not in it"
            )
        ]
    }
}

extension ReadRequest {
    /// Every attribute that a run by this request reads of a source, its filters included.
    public func attributesRead(of source: SourceSettings) -> Set<AttributeName> {
        var names = Set(users.names + source.users.filter.attributes)
        if readsGroups { names.formUnion([groupAnchor, groupName] + groupMembers + (source.groups?.filter.attributes ?? [])) }
        return names
    }
}

extension SourceSettings {
    /// Whether its entries are SCIM resources.
    public var isOfResources: Bool {
        switch self {
        case .scim, .resources: true
        case .ldap, .file: false
        }
    }

    /// Which entries are users. A file is searched from the root; resources are told apart without a search.
    public var users: LDAPSettings.Search {
        switch self {
        case .ldap(let ldap): ldap.users
        case .file(let file): LDAPSettings.Search(base: "", filter: file.users)
        case .scim, .resources: .everything
        }
    }

    /// Which entries are groups.
    public var groups: LDAPSettings.Search? {
        switch self {
        case .ldap(let ldap): ldap.groups
        case .file(let file): file.groups.map { LDAPSettings.Search(base: "", filter: $0) }
        case .scim, .resources: .everything
        }
    }
}

extension LDAPSettings.Search {
    /// All entries that there are.
    fileprivate static let everything = LDAPSettings.Search(base: "", filter: .and([]))

    /// Whether both mean the same entries; another spelling of the same base is the same.
    public func selectsTheSame(as other: LDAPSettings.Search) -> Bool {
        scope == other.scope && filter == other.filter && place == other.place
    }

    /// Whether an entry of this name lies where the search looks.
    public func covers(_ dn: DistinguishedName) -> Bool {
        guard let place else { return false }
        switch scope {
        case .base: return dn == place
        case .one: return dn.parent == place
        case .subtree: return place.rdns.isEmpty || dn == place || dn.isDescendant(of: place)
        }
    }

    /// Whether the search leaves no entry out for where it is.
    public var isEverywhere: Bool { scope == .subtree && place?.rdns.isEmpty == true }

    private var place: DistinguishedName? { try? DistinguishedName(parsing: base) }
}
