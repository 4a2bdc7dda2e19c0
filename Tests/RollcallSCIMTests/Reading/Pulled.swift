import RollcallCore
import RollcallSCIM
import RollcallTesting

/// All that one reading of a service gave, by what a rule could see.
struct Pulled {
    var users: [Entry] = []
    var groups: [GroupEntry] = []
    var rejected: [RejectedEntry] = []
    var raw: [RawEntry] = []
    var proof: ReadProof?
    var error: SourceError?

    /// The attributes of users that are asked for: ids, names, a department, and whether somebody is inactive.
    static let layout: AttributeLayout = {
        var names = [
            "userName", "displayName", "emails", "name.familyName", "active",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
        ]
        .compactMap { try? ScimPath(parsing: $0) }.map { AttributeName($0) }
        if let filter = try? ScimFilter(parsing: "active eq false") { names += ScimCondition(filter, states: .active).attributes }
        return AttributeLayout(anchor: .id, others: names)
    }()

    static var request: ReadRequest {
        ReadRequest(users: layout, groupAnchor: .id, groupName: .displayName, groupMembers: [.members], readsGroups: true)
    }

    /// Reads a service whole.
    init(_ settings: ScimSettings, request: ReadRequest = Pulled.request, secret: String = "") async {
        await self.init(ScimDirectory(settings) { _ throws(SourceError) in Secret(Array(secret.utf8)) }, request)
    }

    init(_ directory: ScimDirectory, _ request: ReadRequest = Pulled.request) async {
        do throws(SourceError) {
            let reading = try await directory.read(request)
            while proof == nil {
                switch try await reading.next() {
                case .batch(let batch):
                    users += batch.users
                    groups += batch.groups
                    rejected += batch.rejected
                    raw += batch.raw
                case .end(let proof): self.proof = proof
                }
            }
        } catch {
            self.error = error
        }
    }

    /// The values of an attribute, by username.
    func values(_ path: String) -> [String: [String]] {
        guard let name = try? ScimPath(parsing: path), let slot = Pulled.layout.slot(of: AttributeName(name)) else { return [:] }
        return Dictionary(
            users.map { (text($0, "username"), $0.values(inSlot: slot).map { String(decoding: $0, as: UTF8.self) }) },
            uniquingKeysWith: { first, _ in first })
    }

    /// The usernames of whom `active eq false` selects, and of those of whom it cannot be told.
    var inactive: (yes: Set<String>, unknown: Set<String>) {
        guard let filter = try? ScimFilter(parsing: "active eq false"),
            let slot = Pulled.layout.slot(of: AttributeName(answerTo: ScimCondition(filter, states: .active)))
        else { return ([], []) }
        let answers = users.map { (text($0, "username"), $0.values(inSlot: slot).first.map { String(decoding: $0, as: UTF8.self) }) }
        return (Set(answers.filter { $0.1 == "yes" }.map(\.0)), Set(answers.filter { $0.1 == "missing" || $0.1 == "unknown" }.map(\.0)))
    }

    private func text(_ entry: Entry, _ name: String) -> String {
        guard let slot = Pulled.layout.names.firstIndex(where: { String(decoding: $0.folded, as: UTF8.self) == name }) else { return "" }
        return entry.values(inSlot: slot).first.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// The members of each group by its name; `nil` for a group whose members are not known.
    var members: [String: Set<String>?] {
        Dictionary(
            groups.map { group in
                var names: Set<String> = []
                group.members.forEachName { names.insert(String(decoding: $0, as: UTF8.self)) }
                return (group.name.string, group.knowsMembers ? names : nil)
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The members of each group as a snapshot of this raw reading shows them.
    var kept: [String: Set<String>?] {
        let decoder = ResourceDecoder(Pulled.request, users: nil, groups: nil, dropsRepeats: false)
        let tree = JSONTree()
        for entry in raw where entry.kind == .group {
            entry.withCursor { cursor in
                while let item = cursor.next() {
                    guard case .value(let value) = item, (try? tree.read(value, from: 0)) != nil else { continue }
                    decoder.takeGroup(tree.root, repeating: tree.repeatedName)
                }
            }
        }
        decoder.finish()
        var pulled = self
        pulled.groups = decoder.takeBatch().groups
        return pulled.members
    }

    var remarks: String { (proof?.remarks ?? []).map(\.string).joined(separator: "\n") }
}

extension ScriptedScimServer {
    /// How a test reads it.
    func settings(_ change: (inout ScimSettings) -> Void = { _ in }) -> ScimSettings {
        var settings = ScimSettings(url: url)
        settings.caFile = caFile
        settings.pageSize = 10
        settings.answerTimeout = Span(seconds: 5)
        change(&settings)
        return settings
    }
}
