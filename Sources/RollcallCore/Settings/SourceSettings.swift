/// Which source a run reads, and how.
public enum SourceSettings: Hashable, Sendable {
    case ldap(LDAPSettings)
    case scim(ScimSettings)
    case file(FileSourceSettings)
    case resources(ResourceFileSettings)

    /// The word for it in reports: `ldap`, `scim` or `file`.
    public var kind: String {
        switch self {
        case .ldap: "ldap"
        case .scim: "scim"
        case .file, .resources: "file"
        }
    }

    /// In which family's words its entries are: the flavor of an LDAP server, `json` for a file of resources, else nothing.
    public var flavor: String? {
        switch self {
        case .ldap(let ldap): ldap.flavor.rawValue
        case .resources: SourceSettings.json
        case .scim, .file: nil
        }
    }

    /// The flavor of files of resources.
    public static let json = "json"
}

/// A family of directory servers; it sets the defaults of attributes, filters and status rules.
public enum LDAPFlavor: String, Hashable, Sendable, CaseIterable {
    case openldap
    case generic
}

/// How an LDAP directory is reached and read.
public struct LDAPSettings: Hashable, Sendable {
    /// How far below its base a search goes, RFC 4511 section 4.5.1.2.
    public enum Scope: String, Hashable, Sendable, CaseIterable {
        case base
        case one
        case subtree
    }

    /// What a referral inside the base means.
    public enum ReferralRule: String, Hashable, Sendable, CaseIterable {
        /// The reading is not whole.
        case incomplete
        /// Counted and left alone.
        case ignore
    }

    /// Who we say we are.
    public enum Bind: Hashable, Sendable {
        case anonymous
        case simple(dn: String, password: SecretReference)
        /// SASL EXTERNAL: the TLS client certificate, or the peer of a unix socket.
        case external
    }

    /// Where one kind of entry is searched.
    public struct Search: Hashable, Sendable {
        public var base: String
        public var scope: Scope
        public var filter: Filter

        public init(base: String, scope: Scope = .subtree, filter: Filter) {
            self.base = base
            self.scope = scope
            self.filter = filter
        }
    }

    /// `ldap://`, `ldaps://` or `ldapi://` URLs, tried in this order when a server cannot be reached.
    public var urls: [String]
    public var flavor: LDAPFlavor
    /// A PEM file of the certificates that the server's must chain to; `nil` means the system's.
    public var caFile: String?
    /// A client certificate and its key for mutual TLS, both PEM files.
    public var clientCertificate: String?
    public var clientKey: String?
    public var startTLS: Bool
    public var bind: Bind
    public var users: Search
    /// `nil` when no groups are read.
    public var groups: Search?
    public var referrals: ReferralRule
    /// Entries to a page, 1 to 100,000.
    public var pageSize: Int
    /// The most that one whole reading may take.
    public var deadline: Span
    /// The most that one answer may take.
    public var answerTimeout: Span

    public init(urls: [String], flavor: LDAPFlavor, users: Search) {
        self.urls = urls
        self.flavor = flavor
        caFile = nil
        clientCertificate = nil
        clientKey = nil
        startTLS = false
        bind = .anonymous
        self.users = users
        groups = nil
        referrals = .incomplete
        pageSize = 1000
        deadline = Span(seconds: 15 * 60)
        answerTimeout = Span(seconds: 60)
    }
}

/// A directory in a file.
public struct FileSourceSettings: Hashable, Sendable {
    /// How the file is written.
    public enum Format: String, Hashable, Sendable, CaseIterable {
        case ldif
        case csv
    }

    public var path: String
    public var format: Format
    /// Which records are users.
    public var users: Filter
    /// Which records are groups; `nil` when none are.
    public var groups: Filter?

    public init(path: String, format: Format, users: Filter, groups: Filter?) {
        self.path = path
        self.format = format
        self.users = users
        self.groups = groups
    }
}

/// SCIM resources in a JSON file: a ListResponse, an array, or one resource after the other.
public struct ResourceFileSettings: Hashable, Sendable {
    public var path: String
    /// Whether the file is one resource after the other, a line each (`.ndjson`).
    public var isLines: Bool
    /// Which users count; `nil` for all.
    public var userFilter: ScimFilter?
    /// Which groups count; `nil` for all.
    public var groupFilter: ScimFilter?

    public init(path: String, isLines: Bool) {
        self.path = path
        self.isLines = isLines
        userFilter = nil
        groupFilter = nil
    }
}
