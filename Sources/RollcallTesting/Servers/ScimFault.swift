/// Something that goes wrong at a ``ScriptedScimServer``: where, how often, and what.
///
/// Several faults may meet the same request; then all of them happen to it.
public struct ScimFault: Sendable, Encodable {
    /// A page of a list: by its number from 1, or by what it is. The only page is first and last.
    public enum Page: Sendable {
        case first, middle, last
        case number(Int)

        fileprivate var json: JSONLiteral {
            switch self {
            case .first: "first"
            case .middle: "middle"
            case .last: "last"
            case .number(let number): .number(Double(number))
            }
        }
    }

    public var kind: Kind
    /// Paths that begin with this, below the base of the service, such as `/Users` or `/Groups/`; also `/token` and `/feed.json`.
    /// `nil` for every request.
    public var path: String?
    /// Only lists, and of those only this page; `nil` for everything.
    public var page: Page?
    /// The first of the requests that fit above to be struck, from 1.
    public var request: Int
    /// How many of them are struck from there on; 0 for all.
    public var times: Int

    public init(_ kind: Kind, path: String? = nil, page: Page? = nil, request: Int = 1, times: Int = 1) {
        self.kind = kind
        self.path = path
        self.page = page
        self.request = request
        self.times = times
    }

    public func encode(to encoder: any Encoder) throws {
        var members = kind.members
        members["path"] = path.map { .string($0) }
        members["page"] = page?.json
        members["request"] = .number(Double(request))
        members["times"] = .number(Double(times))
        try JSONLiteral.object(members).encode(to: encoder)
    }
}
