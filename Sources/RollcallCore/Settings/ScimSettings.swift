/// How a SCIM 2.0 service is reached and read (RFC 7643 and 7644).
public struct ScimSettings: Hashable, Sendable {
    /// Who we say we are.
    public enum Auth: Hashable, Sendable {
        case none
        /// A token that somebody was given for us (RFC 6750).
        case bearer(SecretReference)
        /// RFC 7617.
        case basic(user: String, password: SecretReference)
        /// A token that we fetch.
        case oauth2(OAuth2)
        /// The TLS client certificate alone.
        case mutualTLS

        /// Where the secret is; `nil` without one.
        public var reference: SecretReference? {
            switch self {
            case .none, .mutualTLS: nil
            case .bearer(let reference), .basic(_, let reference): reference
            case .oauth2(let client): client.clientSecret
            }
        }
    }

    /// OAuth 2.0 client credentials (RFC 6749 section 4.4).
    public struct OAuth2: Hashable, Sendable {
        /// Where tokens are given out; the rules for ``ScimSettings/url`` hold for it too.
        public var tokenURL: String
        public var clientID: String
        public var clientSecret: SecretReference
        /// Blank-separated; `nil` asks for none, and the server decides.
        public var scope: String?

        public init(tokenURL: String, clientID: String, clientSecret: SecretReference, scope: String? = nil) {
            self.tokenURL = tokenURL
            self.clientID = clientID
            self.clientSecret = clientSecret
            self.scope = scope
        }
    }

    /// How pages are asked for.
    public enum Pagination: String, Hashable, Sendable, CaseIterable {
        /// By what the service says of itself.
        case auto
        /// `startIndex` (RFC 7644 section 3.4.2.4).
        case index
        /// `cursor` (RFC 9865).
        case cursor
    }

    /// Where the members of groups come from.
    public enum GroupMembers: String, Hashable, Sendable, CaseIterable {
        /// By what the service turns out to give.
        case auto
        /// From the list of groups.
        case list
        /// From each group, asked for by itself.
        case each
        /// From the `groups` of users.
        case fromUsers = "from_users"
    }

    /// The base URL, without a slash at its end; of a feed the document's.
    public var url: String
    public var auth: Auth
    /// A PEM file of the certificates that the server's must chain to; `nil` means the system's.
    public var caFile: String?
    /// A client certificate and its key for mutual TLS, both PEM files.
    public var clientCertificate: String?
    public var clientKey: String?
    /// The URL of a proxy; `nil` means none, whatever the environment says.
    public var proxy: String?
    public var pagination: Pagination
    /// Resources to a page.
    public var pageSize: Int
    public var groupMembers: GroupMembers
    /// A SCIM filter of the users; `nil` takes all.
    public var userFilter: ScimFilter?
    /// A SCIM filter of the groups; `nil` takes all.
    public var groupFilter: ScimFilter?
    /// Whether the URL is that of one document with everything in it.
    public var isFeed: Bool
    /// Whether a run that need not read everything asks for what has changed (`meta.lastModified`).
    public var follows: Bool
    /// The most that one whole reading may take.
    public var deadline: Span
    /// The most that may pass without a byte from the server.
    public var answerTimeout: Span

    public init(url: String) {
        self.url = url
        auth = .none
        caFile = nil
        clientCertificate = nil
        clientKey = nil
        proxy = nil
        pagination = .auto
        pageSize = 100
        groupMembers = .auto
        userFilter = nil
        groupFilter = nil
        isFeed = false
        follows = false
        deadline = Span(seconds: 15 * 60)
        answerTimeout = Span(seconds: 60)
    }
}
