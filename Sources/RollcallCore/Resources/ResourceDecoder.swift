/// Makes user and group entries of SCIM resources (RFC 7643), from whatever they come.
///
/// | the resource | becomes |
/// | --- | --- |
/// | is an object with an id, and the filter selects it | a user or a group |
/// | has no usable id, the same name twice, or not one value for the anchor; a group without a name | rejected |
/// | may or may not be selected: what the filter reads cannot be read | rejected |
/// | is a user with more than may be kept | a user of whom the largest attributes are unreadable |
/// | is a group whose members cannot be told | a group whose members stay what they were |
/// | is not selected by the filter | passed over |
public final class ResourceDecoder {
    /// The most bytes that the values of one user may take.
    static let userLimit = 1 << 20
    /// The most bytes that the names of one group's members may take.
    static let groupLimit = 256 << 20

    /// What a slot of an entry is read from. It is a class, for each resource goes through all of them, and must not count their parts.
    private final class Reader {
        enum Kind {
            case path(ScimPath)
            case answer(ScimCondition)
            case nothing
        }

        let kind: Kind

        init(_ name: AttributeName) {
            if let condition = ScimCondition(answeredIn: name) {
                kind = .answer(condition)
            } else {
                kind = (try? ScimPath(parsing: "\(name)")).map(Kind.path) ?? .nothing
            }
        }
    }

    public let request: ReadRequest
    private let readers: [Reader]
    private let userFilter: ScimFilter?
    let groupFilter: ScimFilter?
    private var builder: EntryBuilder
    var batch = EntryBatch()
    var batchBytes = 0
    var members: MemberResolver
    /// Gathers the members of groups from the users that come; `nil` when groups tell their members themselves.
    public var memberships: UserMemberships?
    /// What was tolerated so far.
    public var notes = ResourceNotes()
    /// The groups that rules mean and whose members could not be told, with why.
    var doubts: [(name: Text, reason: String)] = []

    /// - Parameter dropsRepeats: Whether a resource with an id that came before is passed over, because pages overlap.
    public init(_ request: ReadRequest, users: ScimFilter?, groups: ScimFilter?, dropsRepeats: Bool) {
        self.request = request
        userFilter = users
        groupFilter = groups
        readers = request.users.names.map(Reader.init)
        builder = EntryBuilder(layout: request.users, limit: ResourceDecoder.userLimit)
        members = MemberResolver(dropsRepeats: dropsRepeats)
    }

    /// The entries since the last call.
    public func takeBatch() -> EntryBatch {
        defer {
            batch = EntryBatch()
            batchBytes = 0
        }
        return batch
    }

    /// How many users and groups the batch has so far.
    public var batchCounts: (users: Int, groups: Int) { (batch.users.count, batch.groups.count) }

    /// Whether enough entries have come together to be handed on.
    public var isBatchFull: Bool { batch.count >= ResourceDecoder.batchCount || batchBytes >= ResourceDecoder.batchBytes }

    private static let batchCount = 500
    private static let batchBytes = 4 << 20

    /// How many different resources of a kind have come, those that were passed over and rejected among them.
    public func count(of kind: EntryKind) -> Int { members.count(of: kind) }

    /// Begins a page of a list; what has no id is told from what came before by where it stands on its page.
    public func beginPage() { members.beginPage() }

    /// How many resources without an id are among them.
    public func anonymousCount(of kind: EntryKind) -> Int { members.anonymousCount(of: kind) }

    /// What a person should know of all that came.
    public var remarks: [Text] {
        let shown = doubts.prefix(ResourceDecoder.fewDoubts).map { doubt in
            Text("the members of group \(doubt.name) are not known and stay what they were: \(doubt.reason)")
        }
        let rest = doubts.count - shown.count
        return shown + (rest > 0 ? [Text("the members of \(rest) more groups are not known and stay what they were")] : [])
            + notes.sentences
    }

    private static let fewDoubts = 5

    // MARK: - Users

    /// Takes a resource that is a user.
    public func takeUser(_ resource: JSONElement, repeating name: String?) {
        guard let id = id(of: resource, .user) else {
            memberships?.addAnonymous(resource)
            return
        }
        guard members.meet(.user, id) else { return }
        if request.isRaw {
            memberships?.add(resource, id, repeating: name)
            let entry = RawResource.entry(.user, resource)
            batchBytes += entry.bytes.count
            return batch.raw.append(entry)
        }
        if let name {
            memberships?.add(resource, id, repeating: name)
            return reject(.user, id, ResourceDecoder.repeating(name))
        }
        var tolerances = ScimTolerances()
        let isSelected = userFilter?.evaluate(on: resource, tolerances: &tolerances).truth ?? .yes
        if isSelected == .no { return }
        // Whoever is rejected is in its groups all the same.
        memberships?.add(resource, id, repeating: nil)
        builder.begin(dn: ResourceName.of(.user, id))
        var isFlawed = false
        var anchors = 0
        for slot in readers.indices {
            switch readers[slot].kind {
            case .path(let path):
                var count = 0
                let isThere = path.forEachValue(in: resource, tolerances: &tolerances) { value in
                    count += 1
                    if value.isFlawed { isFlawed = true }
                    if slot == AttributeLayout.anchorSlot, !value.isEmpty { anchors += 1 }
                    append(value, inSlot: slot)
                }
                if isThere, count == 0, path.isUnreadable(in: resource) { builder.markUnreadable(inSlot: slot) }
            case .answer(let condition):
                let ruling = condition.filter.evaluate(on: resource, tolerances: &tolerances, isState: condition.isState)
                if let answer = ScimCondition.answer(ruling) { builder.append(answer, inSlot: slot) }
            case .nothing: break
            }
        }
        notes.add(tolerances)
        if isFlawed { notes.note(.flawedText) }
        let entry = builder.finish()
        guard entry.anchor != nil, anchors == 1 || entry.values(inSlot: AttributeLayout.anchorSlot).count == 1 else {
            let anchor = request.users.names.first.map { "\($0)" } ?? "anchor"
            return reject(.user, id, "it has no value, or several, for \(anchor), its immutable id", hasAnchor: false)
        }
        batchBytes += entry.image.count
        if isSelected == .unknown {
            return reject(.user, id, "whether source.users.filter selects it cannot be told", readable: entry)
        }
        batch.users.append(entry)
    }

    private func append(_ value: JSONElement, inSlot slot: Int) {
        switch value.kind {
        case .boolean(let isTrue): builder.append(isTrue ? ResourceDecoder.yes : ResourceDecoder.no, inSlot: slot)
        case .string, .number: value.withBytes { builder.append($0, inSlot: slot) }
        case .null, .array, .object: break
        }
    }

    private static let yes = Array("true".utf8)
    private static let no = Array("false".utf8)

    /// The id of a resource; without one it is rejected.
    func id(of resource: JSONElement, _ kind: EntryKind) -> [UInt8]? {
        guard let id = resource.member("id"), id.isString || id.kind == .number, !id.isEmpty, !id.isFlawed,
            id.withBytes({ $0.count <= ResourceDecoder.idLimit })
        else {
            guard members.meetAnonymous(kind, resource) else { return nil }
            let subject = resource.member(kind == .user ? "userName" : "displayName")?.text ?? (kind == .user ? "a user" : "a group")
            batch.rejected.append(
                RejectedEntry(anchor: nil, subject: subject, reason: resource.isObject ? "it has no usable id" : "it is no object"))
            return nil
        }
        if !id.isString { notes.note(.idAsNumber) }
        return id.bytes
    }

    private static let idLimit = 4096

    func reject(_ kind: EntryKind, _ id: [UInt8], _ reason: String, hasAnchor: Bool = true, readable: Entry? = nil) {
        let hasAnchor = hasAnchor && (kind == .group || request.users.names.first == .id)
        var rejected = RejectedEntry(
            anchor: hasAnchor ? Anchor(id) : readable?.anchor, subject: ResourceDecoder.subject(kind, id), reason: reason)
        rejected.kind = kind
        rejected.readable = readable
        // Groups name their members by id.
        rejected.hasCertainName = true
        batch.rejected.append(rejected)
    }

    private static func subject(_ kind: EntryKind, _ id: [UInt8]) -> Text {
        Text(ResourceName.of(kind, id)) ?? Text(String(decoding: ResourceName.of(kind, id), as: UTF8.self))
    }
}
