/// Reads resources of a SCIM service or a JSON file again from a snapshot, by the code that reads them at first.
public struct ResourceReplay: RawReplay {
    private let users: ScimFilter?
    private let groups: ScimFilter?

    /// - Parameters:
    ///   - users: which users the config of now selects; `nil` for all.
    ///   - groups: the same for groups.
    public init(users: ScimFilter?, groups: ScimFilter?) {
        self.users = users
        self.groups = groups
    }

    public func decoder(_ request: ReadRequest, _ scope: ReplayScope, server: String) -> any RawDecoder {
        Decoder(ResourceDecoder(request, users: users, groups: groups, dropsRepeats: false))
    }

    public func search(_ anchors: [Anchor], _ request: ReadRequest, _ scope: ReplayScope, server: String) -> any RawSearch {
        Search(ResourceSearch(anchors, request, users: users, groups: groups), request.sought)
    }

    private final class Decoder: RawDecoder {
        private let tree = JSONTree()
        private let decoder: ResourceDecoder

        init(_ decoder: ResourceDecoder) {
            self.decoder = decoder
        }

        func take(_ entry: RawEntry) -> Bool {
            RawResource.read(entry, into: tree) { resource in
                switch entry.kind {
                case .user: decoder.takeUser(resource, repeating: tree.repeatedName)
                case .group: if decoder.request.readsGroups { decoder.takeGroup(resource, repeating: tree.repeatedName) }
                case .record, nil: decoder.take(resource, repeating: tree.repeatedName)
                }
            }
        }

        func takeBatch() -> EntryBatch { decoder.takeBatch() }

        var remarks: [Text] { decoder.remarks }

        func takeLastBatch() -> EntryBatch {
            decoder.finish()
            return decoder.takeBatch()
        }
    }

    private final class Search: RawSearch {
        private let tree = JSONTree()
        private let search: ResourceSearch
        private let sought: EntryKind

        init(_ search: ResourceSearch, _ sought: EntryKind) {
            self.search = search
            self.sought = sought
        }

        func take(_ entry: RawEntry) -> Bool {
            RawResource.read(entry, into: tree) { resource in
                switch entry.kind {
                case .record, nil: search.take(resource)
                case .user: if sought == .user { search.take(sought: resource) }
                case .group: if sought == .group { search.take(sought: resource) }
                }
            }
        }

        func presence(of anchor: Anchor) -> Presence? { search.answer(for: anchor) }
    }
}
