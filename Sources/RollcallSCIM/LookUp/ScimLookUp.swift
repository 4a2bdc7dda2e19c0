import RollcallCore

/// Looks resources up one by one, by id.
///
/// | the service | the answer is |
/// | --- | --- |
/// | gives the resource, and the filter selects it | in scope |
/// | gives the resource otherwise | left scope |
/// | answers 404, and gives a resource that is there when asked the same way | gone |
/// | answers 400, and does so for an id that nobody has | gone |
/// | is still busy after all tries, a few times in a row | unknown, and so are all that would have been asked for next |
/// | anything else, 403 too | unknown |
struct ScimLookUp {
    private let connection: HTTPConnection
    private let settings: ScimSettings
    private let request: ReadRequest
    private let list: ScimURL
    private let filter: ScimFilter?

    /// So many in a row may be answered with nothing but that the service is busy.
    private static let mostBusy = 3
    /// An id that nobody has.
    private static let nobody = "00000000-0000-4000-8000-7c6f6c6c6361"

    init(_ connection: HTTPConnection, _ settings: ScimSettings, _ request: ReadRequest) {
        self.connection = connection
        self.settings = settings
        self.request = request
        list = connection.base.appending(request.sought == .user ? "Users" : "Groups")
        filter = request.sought == .user ? settings.userFilter : settings.groupFilter
    }

    private enum Finding {
        case decided(Presence)
        /// Nothing is there, by the status.
        case nothing(Int)
        /// The service was busy each time it was tried.
        case busy(String)
    }

    func run(_ anchors: [Anchor]) throws(SourceError) -> [Presence] {
        var findings: [Finding] = []
        var busy = 0
        for anchor in anchors {
            guard busy < ScimLookUp.mostBusy else {
                findings.append(.decided(.unknown("not asked for, because the service was busy \(busy) times in a row")))
                continue
            }
            let finding = try ask(anchor)
            findings.append(finding)
            if case .busy = finding { busy += 1 } else { busy = 0 }
        }
        var doubts: [Int: String?] = [:]
        var presences: [Presence] = []
        for finding in findings {
            switch finding {
            case .decided(let presence): presences.append(presence)
            case .busy(let reason): presences.append(.unknown(reason))
            case .nothing(let status):
                if doubts[status] == nil { doubts[status] = .some(try doubt(of: status)) }
                presences.append((doubts[status] ?? nil).map { .unknown($0) } ?? .gone)
            }
        }
        return presences
    }

    private func ask(_ anchor: Anchor) throws(SourceError) -> Finding {
        guard let id = Text(anchor.bytes), !id.isEmpty else { return .decided(.unknown("the id is no text")) }
        let document = ResourceDocument()
        let answer = try connection.get(url(id.string), limit: HTTPConnection.resourceLimit, takesRefusals: true) { document.add($0) }
        let reason = "the service answered \(answer.status)\(connection.quoted(answer))"
        switch answer.status {
        case 200: break
        case 404, 400: return .nothing(answer.status)
        case _ where RetryRule.covers(answer.status): return .busy(reason)
        default: return .decided(.unknown(reason))
        }
        let presence = document.read { resource -> Presence in
            var question = request
            question.users = AttributeLayout(anchor: .id, others: [])
            let search = ResourceSearch(
                [anchor], question, users: request.sought == .user ? filter : nil, groups: request.sought == .group ? filter : nil)
            search.take(sought: resource)
            return search.answer(for: anchor) ?? .unknown("the service gave another resource than was asked for")
        }
        return .decided(presence ?? .unknown("the answer is no usable JSON"))
    }

    private func url(_ id: String) -> ScimURL {
        let url = list.appending(id)
        // Enough to judge the filter by; all when there is none to tell.
        guard let filter else { return url.adding("attributes", "id") }
        return url.adding("attributes", (["id"] + ScimPath.attributes(filter.paths)).joined(separator: ","))
    }

    /// Why an answer that nothing is there proves nothing; `nil` when it does prove it.
    private func doubt(of status: Int) throws(SourceError) -> String? {
        var known: String?
        let first = list.adding("startIndex", "1").adding("count", "1").adding("attributes", "id")
        let page = try connection.page(first, takesRefusals: true) { (resource, _) in
            known = known ?? resource.member("id")?.text?.string
        }
        guard page.answer.status == 200, let known else {
            return "the service shows nobody by whom to tell whether looking up by id works"
        }
        let there = try connection.get(url(known), limit: HTTPConnection.resourceLimit, takesRefusals: true) { _ in }
        guard there.status == 200 else {
            return "looking up an id that is there was answered with \(there.status), so nothing found proves nothing"
        }
        guard status != 404 else { return nil }
        let nobody = try connection.get(url(ScimLookUp.nobody), limit: HTTPConnection.resourceLimit, takesRefusals: true) { _ in }
        return nobody.status == status ? nil : "the service answered \(status), and \(nobody.status) for an id that nobody has"
    }

    /// Reads a feed once for all anchors.
    func searchFeed(_ anchors: [Anchor]) throws(SourceError) -> [Presence] {
        let search = ResourceSearch(anchors, request, users: settings.userFilter, groups: settings.groupFilter)
        let url = connection.base
        let page = try connection.page(url, limit: HTTPConnection.feedLimit) { (resource, _) in search.take(resource) }
        guard page.answer.status == 200 else { throw connection.refusal(page.answer, url) }
        if let lack = page.envelope.lack(with: page.count, in: "feed") { return anchors.map { _ in .unknown(lack) } }
        return anchors.map { search.answer(for: $0) ?? .gone }
    }
}
