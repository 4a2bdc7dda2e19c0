extension ConfigKeys {
    static let source = SectionVariants(
        discriminator: "type", doc: "What kind of directory it is.", sections: [("ldap", ldap), ("scim", scim), ("file", file)], later: [])

    static let ldap = ConfigSection([
        ConfigKey(
            "url", .list(.text(.directoryURL), orOne: true, item: nil),
            "ldaps://, ldap:// or ldapi:// URLs, tried in this order.", required: true),
        ConfigKey(
            "flavor",
            .word(WordList(["openldap", "generic"], later: ["389ds", "freeipa", "active-directory", "edirectory"])),
            "The family of servers; it sets default filters and status rules.", default: "openldap"),
        ConfigKey("tls", .section(tls), "How the connection is protected."),
        ConfigKey("bind", .section(bind), "Who we say we are; left out, nobody (an anonymous bind)."),
        ConfigKey("users", .section(userSearch), "Where and which entries are people.", required: true),
        ConfigKey("groups", .section(groupSearch), "Where and which entries are groups; left out, none are read."),
        ConfigKey(
            "referrals", .word(WordList(["incomplete", "ignore"])),
            "What a referral inside the base means: the reading is not whole, or it is counted and left alone.", default: "incomplete"),
        ConfigKey("page_size", .wholeNumber(1...100_000), "Entries to a page.", default: "1000"),
        ConfigKey("deadline", .text(.duration), "The most that one whole reading may take.", default: "15m"),
        ConfigKey("answer_timeout", .text(.duration), "The most that one answer may take.", default: "60s"),
    ])

    static let tls = ConfigSection([
        ConfigKey("ca_file", .text(.path), "A PEM file of the authorities to trust; left out, the system's."),
        ConfigKey("start_tls", .flag(only: nil), "Whether an ldap:// connection is upgraded to TLS.", default: "false"),
        ConfigKey("cert_file", .text(.path), "A PEM file with the client certificate, for mutual TLS."),
        ConfigKey("key_file", .text(.path), "A PEM file with the client certificate's key."),
    ])

    static let bind = ConfigSection([
        ConfigKey("dn", .text(.distinguishedName), "The entry to bind as."),
        ConfigKey("password", .secret, "Where the password is kept: {file: …} or {credential: …}."),
        ConfigKey(
            "mechanism", .word(WordList(["external"], later: ["gssapi"])), "external: the client certificate, or the peer of a unix socket."
        ),
    ])

    static let base = ConfigKey("base", .text(.distinguishedName), "The DN below which is searched.", required: true)
    private static let scope = ConfigKey(
        "scope", .word(WordList(["subtree", "one", "base"])), "How far below the base.", default: "subtree")
    static let ignore = ConfigKey(
        "ignore", .list(.text(.condition), orOne: false, item: nil), "Entries that match one of these are read and never become users.")
    static let nested = ConfigKey(
        "nested", .flag(only: nil), "Whether members that are groups stand for their own members.", default: "true")

    static let userSearch = ConfigSection([
        base, scope,
        ConfigKey("filter", .text(.filter), "Which entries are people.", default: "(objectClass=inetOrgPerson)"),
        ignore,
    ])

    static let groupSearch = ConfigSection([
        base, scope,
        ConfigKey(
            "filter", .text(.filter), "Which entries are groups.", default: FlavorDefaults.groupFilter),
        nested,
    ])

    static let file = ConfigSection([
        ConfigKey(
            "path", .text(.path), "The file, .ldif, .csv, .json or .ndjson; a relative path begins beside the config file.", required: true),
        ConfigKey(
            "users",
            .section(
                ConfigSection([
                    ConfigKey(
                        "filter", .text(.condition),
                        "Which records are people; for CSV every row that has the anchor, for JSON every resource that is no group.",
                        default: "(objectClass=inetOrgPerson)"),
                    ignore,
                ])), "Which records are people."),
        ConfigKey(
            "groups",
            .section(
                ConfigSection([
                    ConfigKey(
                        "filter", .text(.condition),
                        "Which records are groups; for CSV none unless named, for JSON what calls itself a group.",
                        default: FlavorDefaults.groupFilter),
                    nested,
                ])), "Which records are groups."),
    ])
}
