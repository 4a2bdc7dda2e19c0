import RollcallCore

/// Looks at a service, one thing after the other.
struct SourceProber {
    let settings: ScimSettings
    let request: ReadRequest
    private(set) var probes: [SourceProbe] = []
    /// What the lists showed that following depends on.
    var traces: [FollowingTrace] = []

    init(settings: ScimSettings, request: ReadRequest) {
        self.settings = settings
        self.request = request
    }

    mutating func add(_ error: SourceError) {
        probes.append(SourceProbe(error))
    }

    mutating func add(_ title: String, _ outcome: SourceProbe.Outcome, _ detail: String, advice: String = "") {
        probes.append(SourceProbe(title, outcome, detail, advice: advice))
    }

    mutating func look(_ connection: HTTPConnection) throws(SourceError) {
        let facts = try ServiceFacts.ask(connection)
        try lookAtList(.user, connection, facts)
        if request.readsGroups { try lookAtList(.group, connection, facts) }
        if settings.follows { try lookAtFollowing(connection, facts) }
    }

    mutating func lookAtFeed(_ connection: HTTPConnection) throws(SourceError) {
        var users = ResourceSample(request.users.names)
        var groups = 0
        let page = try connection.page(connection.base, limit: HTTPConnection.feedLimit) { (resource, _) in
            if resource.isGroup { groups += 1 } else { users.add(resource) }
        }
        guard page.answer.status == 200 else { throw connection.refusal(page.answer, connection.base) }
        lookAtChannel(connection)
        add("feed", .ok, "\(users.count) users and \(groups) groups in one document")
        let hasTag = page.answer.etag != nil
        add(
            "etag", hasTag ? .ok : .warning, hasTag ? "an unchanged feed costs one question" : "the feed has no ETag",
            advice: hasTag ? "" : "it is read whole every time; let the service send ETags")
        fillCounts("users", users)
    }

    private mutating func lookAtChannel(_ connection: HTTPConnection) {
        add("connection", .ok, "\(connection.base) answers")
        if connection.base.scheme == .http {
            add("encryption", .ok, "none; the channel does not leave this machine")
        } else {
            add("encryption", .ok, "TLS, certificate verified")
        }
        switch settings.auth {
        case .none: add("identity", .warning, "nobody: no source.auth", advice: "is everybody to read this service?")
        case .bearer: add("identity", .ok, "the bearer token was accepted")
        case .basic(let user, _): add("identity", .ok, "signed in as \(user)")
        case .oauth2: add("identity", .ok, "a token was fetched and accepted")
        case .mutualTLS: add("identity", .ok, "the client certificate was accepted")
        }
    }

    private mutating func lookAtFacts(_ facts: ServiceFacts) {
        guard facts.isKnown else {
            return add(
                "discovery", .warning, "the service says nothing of itself (no ServiceProviderConfig)", advice: "it is read all the same")
        }
        let cursors = facts.cursors.map { $0 ? "yes" : "no" } ?? "not said"
        let filters = facts.filters.map { $0 ? "yes" : "no" } ?? "not said"
        let names = facts.signIns.isEmpty ? "" : "; signs in by \(facts.signIns.map(\.string).joined(separator: ", "))"
        add(
            "discovery", .ok,
            "\(facts.path): filter \(filters), sort \(facts.sorts ? "yes" : "no"), ETag \(facts.hasETags ? "yes" : "no"), cursors \(cursors)\(facts.largestPage.map { ", at most \($0) to a page" } ?? "")\(names)"
        )
        if settings.pagination == .cursor, facts.cursors == false {
            add("paging", .failure, "source.pagination is cursor, and the service has none", advice: "use auto or index")
        }
    }

    /// One page, as a reading asks for it.
    private mutating func lookAtList(
        _ kind: EntryKind, _ connection: HTTPConnection, _ facts: ServiceFacts
    ) throws(SourceError) {
        let title = kind == .user ? "users" : "groups"
        let list = connection.base.appending(kind == .user ? "Users" : "Groups")
        let asked =
            settings.pagination == .cursor || (settings.pagination == .auto && facts.prefersCursors)
            ? list.adding("cursor", "") : list.adding("startIndex", "1")
        let url = asked.adding("count", "\(settings.pageSize)")
        var sample = ResourceSample(kind == .user ? request.users.names : [request.groupAnchor, request.groupName])
        var withMembers = 0
        var trace = FollowingTrace(kind)
        let page = try connection.page(url) { (resource, _) in
            sample.add(resource)
            trace.add(resource)
            if resource.member("members")?.count ?? 0 > 0 { withMembers += 1 }
        }
        guard page.answer.status == 200 else { throw connection.refusal(page.answer, url) }
        if kind == .user {
            lookAtChannel(connection)
            lookAtFacts(facts)
        }
        trace.total = page.envelope.totalResults
        trace.hasDate = page.answer.date != nil
        traces.append(trace)
        let total = page.envelope.totalResults.map { " of \($0)" } ?? ", totalResults is not said"
        add(
            title, page.count > 0 ? .ok : .failure, "one page of \(page.count)\(total)",
            advice: page.count > 0 ? "" : "does this account see them?")
        guard page.count > 0 else { return }
        fillCounts(title, sample)
        guard kind == .group else { return }
        add(
            "groups: members", withMembers > 0 ? .ok : .warning, "\(withMembers) of \(sample.count) show them in the list",
            advice: withMembers > 0 || settings.groupMembers != .list
                ? "" : "source.group_members: auto finds out where else they can be read")
    }

    private mutating func fillCounts(_ title: String, _ sample: ResourceSample) {
        for (index, (name, filled)) in sample.filled.enumerated() {
            let detail = "\(filled) of \(sample.count) have it"
            let isNeeded = index < (title == "users" ? 1 : 2)
            if filled == sample.count || (filled > 0 && !isNeeded) {
                add("\(title): \(name)", .ok, detail)
            } else if isNeeded {
                add(
                    "\(title): \(name)", filled == 0 ? .failure : .warning, detail, advice: "resources without it are rejected")
            } else {
                add(
                    "\(title): \(name)", .warning, detail,
                    advice: "is the path spelled right, and does the service show it to this account?")
            }
        }
    }
}

/// How many of some resources have each attribute.
struct ResourceSample {
    private let paths: [(name: String, path: ScimPath)]
    private(set) var count = 0
    private var filledCounts: [Int]

    init(_ names: [AttributeName]) {
        paths = names.filter { !$0.isAnswer }.compactMap { name in (try? ScimPath(parsing: "\(name)")).map { ("\(name)", $0) } }
        filledCounts = Array(repeating: 0, count: paths.count)
    }

    mutating func add(_ resource: JSONElement) {
        count += 1
        var tolerances = ScimTolerances()
        for index in paths.indices {
            var isFilled = false
            paths[index].path.forEachValue(in: resource, tolerances: &tolerances) { value in if !value.isEmpty { isFilled = true } }
            if isFilled { filledCounts[index] += 1 }
        }
    }

    /// Each attribute with the number of resources that have it.
    var filled: [(name: String, count: Int)] {
        zip(paths, filledCounts).map { ($0.name, $1) }
    }
}
