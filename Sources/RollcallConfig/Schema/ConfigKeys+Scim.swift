import RollcallCore

extension ConfigKeys {
    static let scim = ConfigSection([
        ConfigKey("url", .text(.serviceURL), "The base URL of the service; of a feed, the document's.", required: true),
        ConfigKey("auth", .section(auth), "Who we say we are; left out, nobody."),
        ConfigKey("tls", .section(serviceTLS), "How the connection is protected."),
        ConfigKey("proxy", .text(.any), "The URL of a proxy; left out, none, whatever the environment says."),
        ConfigKey(
            "pagination", .word(WordList(ScimSettings.Pagination.allCases.map(\.rawValue))),
            "How pages are asked for: by startIndex, by cursor (RFC 9865), or by what the service says.", default: "auto"),
        ConfigKey("page_size", .wholeNumber(1...10_000), "Resources to a page; the service may give fewer.", default: "100"),
        ConfigKey(
            "group_members", .word(WordList(ScimSettings.GroupMembers.allCases.map(\.rawValue))),
            "Where the members of groups come from: the list of groups, each group by itself, the groups of users, or what turns out to hold.",
            default: "auto"),
        ConfigKey("feed", .flag(only: nil), "Whether the URL is that of one JSON document with everything in it.", default: "false"),
        ConfigKey(
            "follow", .flag(only: nil),
            "Whether runs of the daemon between two full ones ask only for what has changed by meta.lastModified.", default: "false"),
        ConfigKey(
            "users",
            .section(ConfigSection([ConfigKey("filter", .text(.condition), "Which users count (RFC 7644); left out, all."), ignore])),
            "Which users count."),
        ConfigKey(
            "groups",
            .section(ConfigSection([ConfigKey("filter", .text(.condition), "Which groups count (RFC 7644); left out, all."), nested])),
            "Which groups count."),
        ConfigKey("deadline", .text(.duration), "The most that one whole reading may take.", default: "15m"),
        ConfigKey("answer_timeout", .text(.duration), "The most that may pass without a byte from the service.", default: "60s"),
    ])

    static let auth = ConfigSection(
        [
            ConfigKey("bearer", .secret, "Where a token is kept that was given for us: {file: …} or {credential: …}."),
            ConfigKey("basic", .section(basic), "A user and a password (RFC 7617)."),
            ConfigKey("oauth2", .section(oauth2), "A token that is fetched with client credentials (RFC 6749 section 4.4)."),
            ConfigKey("mtls", .flag(only: true), "The client certificate of tls alone."),
        ], exactlyOne: ["bearer", "basic", "oauth2", "mtls"])

    static let basic = ConfigSection([
        ConfigKey("user", .text(.any), "The name to sign in with.", required: true),
        ConfigKey("password", .secret, "Where the password is kept: {file: …} or {credential: …}.", required: true),
    ])

    static let oauth2 = ConfigSection([
        ConfigKey("token_url", .text(.serviceURL), "Where tokens are given out.", required: true),
        ConfigKey("client_id", .text(.any), "The client's id.", required: true),
        ConfigKey("client_secret", .secret, "Where the client's secret is kept: {file: …} or {credential: …}.", required: true),
        ConfigKey("scope", .text(.any), "What the token is for, blank-separated; left out, the server decides."),
    ])

    static let serviceTLS = ConfigSection([
        ConfigKey("ca_file", .text(.path), "A PEM file of the authorities to trust; left out, the system's."),
        ConfigKey("cert_file", .text(.path), "A PEM file with the client certificate, for mutual TLS."),
        ConfigKey("key_file", .text(.path), "A PEM file with the client certificate's key."),
    ])
}
