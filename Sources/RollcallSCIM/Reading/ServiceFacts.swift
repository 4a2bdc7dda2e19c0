import RollcallCore

/// What a service says of itself (RFC 7643 section 5). A service need not say anything.
struct ServiceFacts: Sendable {
    /// Whether there was an answer.
    var isKnown = false
    /// Whether `filter` may be asked for; `nil` when it is not said.
    var filters: Bool?
    /// Whether `sortBy` may be asked for.
    var sorts = false
    /// Whether there are ETags.
    var hasETags = false
    /// What it says of cursors (RFC 9865 section 4); `nil` when nothing.
    var cursors: Bool?
    /// Whether it prefers cursors, or has nothing else.
    var prefersCursors = false
    /// The most resources that it gives on a page.
    var largestPage: Int?
    /// The ways to sign in that it names.
    var signIns: [Text] = []
    /// The path that it was found at.
    var path = ""
    /// When the service answered first, by its own clock.
    var answered: Instant?

    private static let limit = 1 << 20

    /// Asks the service. What it refuses or garbles is as if it said nothing; only what ends every request ends this one.
    static func ask(_ connection: HTTPConnection) throws(SourceError) -> ServiceFacts {
        var silent = ServiceFacts()
        // The second is how Slack spells it.
        for path in ["ServiceProviderConfig", "ServiceProviderConfigs"] {
            do throws(SourceError) {
                let document = ResourceDocument()
                let answer = try connection.get(connection.base.appending(path), limit: limit) { (bytes) in document.add(bytes) }
                silent.answered = silent.answered ?? answer.date
                guard answer.status == 200 else { continue }
                guard var facts = document.read({ ServiceFacts($0, path) }) else { return silent }
                facts.answered = silent.answered
                return facts
            } catch {
                // Each further request would be another attempt with a wrong password.
                if connection.isRefused { throw error }
                switch error.code {
                case .credentials, .incomplete, .malformed: continue
                case .unreachable, .untrusted, .unstable, .timeout, .cancelled: throw error
                }
            }
        }
        return silent
    }

    init() {}

    private init(_ config: JSONElement, _ path: String) {
        guard config.isObject else { return }
        isKnown = true
        self.path = path
        var tolerances = ScimTolerances()
        func isSupported(_ name: StaticString) -> Bool? { config.member(name)?.member("supported")?.boolean(noting: &tolerances) }
        filters = isSupported("filter")
        sorts = isSupported("sort") ?? false
        hasETags = isSupported("etag") ?? false
        if let pagination = config.member("pagination") {
            cursors = pagination.member("cursor")?.boolean(noting: &tolerances)
            let hasIndex = pagination.member("index")?.boolean(noting: &tolerances) ?? true
            prefersCursors =
                cursors == true && (!hasIndex || pagination.member("defaultPaginationMethod")?.text?.string.lowercased() == "cursor")
            largestPage = pagination.member("maxPageSize")?.wholeNumber
        }
        var names: [Text] = []
        config.member("authenticationSchemes")?.forEachElement { scheme in
            if let name = scheme.member("type")?.text ?? scheme.member("name")?.text { names.append(name) }
            return names.count < 10
        }
        signIns = names
    }
}
