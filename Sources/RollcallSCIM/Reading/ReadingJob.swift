import RollcallCore
import RollcallReading

/// One reading of a service, as it runs on its thread: what it says of itself, then groups, then users.
///
/// Groups come first so that somebody who joins a group meanwhile is missing from the group rather than from the people.
final class ReadingJob {
    let connection: HTTPConnection
    let channel: BatchChannel
    let settings: ScimSettings
    let request: ReadRequest
    let lessons: Lessons
    let decoder: ResourceDecoder
    var facts = ServiceFacts()
    var pages = 0
    var groupPages = 0
    /// What each list said there is.
    var totals: [EntryKind: Int] = [:]
    var delivered = ReadProof(server: "", users: 0, groups: 0, rejected: 0, pages: 0, result: 0)
    var remarks: [Text] = []
    var answered: Instant?

    init(
        _ connection: HTTPConnection, _ channel: BatchChannel, _ settings: ScimSettings, _ request: ReadRequest, _ lessons: Lessons
    ) {
        self.connection = connection
        self.channel = channel
        self.settings = settings
        self.request = request
        self.lessons = lessons
        // What a snapshot is made of is filtered when it is read.
        decoder = ResourceDecoder(
            request, users: request.isRaw ? nil : settings.userFilter, groups: request.isRaw ? nil : settings.groupFilter,
            dropsRepeats: !settings.isFeed)
    }

    func run() throws(SourceError) -> ReadProof {
        facts = try ServiceFacts.ask(connection)
        if let mark = request.following, mayFollow { return try follow(mark) }
        let membership = GroupMembership(self)
        if request.readsGroups { try membership.readGroups() }
        groupPages = pages
        try readUsers(asking: membership.userAttributes)
        try membership.finish()
        decoder.finish()
        try deliver(always: true)
        let mark = try followMark(membership)
        var proof = proof
        proof.followMark = mark
        return proof
    }

    /// Whether the service can be asked for what has changed.
    var mayFollow: Bool { settings.follows && !request.isRaw && facts.filters == true && !lessons.all.filterIsUnproved }

    /// Hands on what has been decoded, when it is enough for a batch.
    func deliver(always: Bool) throws(SourceError) {
        guard always || decoder.isBatchFull else { return }
        let batch = decoder.takeBatch()
        if batch.count == 0 { return }
        if request.isRaw {
            delivered.users += batch.raw.count { $0.kind == .user }
            delivered.groups += batch.raw.count { $0.kind == .group }
        }
        delivered.users += batch.users.count
        delivered.groups += batch.groups.count
        delivered.rejected += batch.rejected.count
        try channel.send(batch, connection.patience)
    }

    var proof: ReadProof {
        var proof = delivered
        proof.server = connection.base.description
        proof.pages = max(pages, 1)
        proof.timeMarks.clock = answered
        proof.remarks = remarks + decoder.remarks
        if request.isRaw { proof.groupSearch = SearchShare(pages: groupPages, referralsIgnored: 0) }
        return proof
    }

    /// - Parameter since: only those changed since then; `nil` for all.
    func readUsers(asking further: [String] = [], changedSince since: Instant? = nil) throws(SourceError) {
        var paths = request.users.names.flatMap { ScimPath.all(in: $0) }
        paths += settings.userFilter?.paths ?? []
        let asked = request.isRaw ? [] : ScimPath.attributes(paths) + further
        let take: (JSONElement, String?) throws(SourceError) -> Void = { [self] (resource, repeated) throws(SourceError) in
            decoder.takeUser(resource, repeating: repeated)
            try deliver(always: false)
        }
        try readAll(.user, asked, request.isRaw ? nil : settings.userFilter, changedSince: since, take: take, afterPage: {})
    }

    /// What to ask for of groups.
    func groupAttributes(withMembers: Bool) -> [String] {
        var asked = ScimPath.attributes(settings.groupFilter?.paths ?? [])
        for name in withMembers ? ["displayName", "members"] : ["displayName"] where !asked.contains(name) { asked.append(name) }
        return asked
    }

    /// Reads a whole list.
    ///
    /// - Parameters:
    ///   - attributes: Those to ask for; none asks for all.
    ///   - filter: What the service may choose by; it is judged here as well.
    ///   - since: Only what was changed at or after this time is asked for; `nil` for all.
    func readAll(
        _ kind: EntryKind, _ attributes: [String], _ filter: ScimFilter?, changedSince since: Instant? = nil,
        take: @escaping (JSONElement, String?) throws(SourceError) -> Void, afterPage: @escaping () throws(SourceError) -> Void
    ) throws(SourceError) {
        var url = connection.base.appending(kind == .user ? "Users" : "Groups")
        if !attributes.isEmpty { url = url.adding("attributes", attributes.joined(separator: ",")) }
        let asksFilter = filter != nil && facts.filters == true && !lessons.all.filterIsUnproved
        let asked = asksFilter ? filter : nil
        if let text = since.map({ ScimFilter.text(changedSince: $0, and: asked) }) ?? asked?.description {
            url = url.adding("filter", text)
        }
        if facts.sorts { url = url.adding("sortBy", "id") }
        if lessons.all.filterIsUnproved { decoder.notes.note(.totalOfFilter) }
        let list = ResourceList(
            kind, connection, url, settings, facts, decoder, isFiltered: asksFilter && since == nil, take: take, afterPage: afterPage)
        let proof = try list.read()
        totals[kind] = list.total
        pages += list.pages
        answered = list.answered ?? answered
        if case .unprovedFilter(let error) = proof {
            lessons.learn { $0.filterIsUnproved = true }
            throw error
        }
    }
}

extension ScimPath {
    /// The paths that the slot of an entry is read from.
    static func all(in name: AttributeName) -> [ScimPath] {
        if let condition = ScimCondition(answeredIn: name) { return condition.filter.paths }
        return (try? ScimPath(parsing: "\(name)")).map { [$0] } ?? []
    }

    /// The attributes to ask a service for (RFC 7644 section 3.9): whole ones, each once, without those that come anyway.
    static func attributes(_ paths: [ScimPath]) -> [String] {
        var names: [String] = []
        for path in paths {
            let name = path.asked
            if name != "id", !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// The attribute with the URN before it, without brackets and sub-attribute.
    private var asked: String {
        let folded = String(decoding: attribute, as: UTF8.self)
        let text = description
        // As it was written, for services that mind the letter case.
        let start = schema.map { $0.count + 1 } ?? 0
        let written = String(decoding: text.utf8.dropFirst(start).prefix(attribute.count), as: UTF8.self)
        let name = written.lowercased() == folded ? written : folded
        return (schema == nil ? "" : String(decoding: text.utf8.prefix(start), as: UTF8.self)) + name
    }
}
