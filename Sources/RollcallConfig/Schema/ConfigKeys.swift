import RollcallCore

/// Every key of the config file.
enum ConfigKeys {
    /// The file itself.
    static let root = ConfigSection([
        ConfigKey("source", .variants(source), "The upstream directory.", required: true),
        ConfigKey("store", .section(store), "The local user store.", required: true),
        ConfigKey("attributes", .section(attributes), "Which source attribute each local field comes from."),
        ConfigKey(
            "status", .list(.section(statusRule), orOne: false, item: "status rule"),
            "Rules that map what upstream says to a local status. All are evaluated and the strictest match wins."),
        ConfigKey("lifecycle", .section(lifecycle), "What happens to accounts over time."),
        ConfigKey("join", .section(join), "How entries find users that exist already."),
        ConfigKey(
            "groups", .list(.section(groupRule), orOne: false, item: "group rule"), "Rules that map upstream groups to permission groups."),
        ConfigKey("permission_groups", .named(.orNothing(.section(permissionGroup))), "Permission groups and what they carry."),
        ConfigKey("guards", .section(guards), "Where a plan stops and waits for a person. What is not named keeps its default."),
        ConfigKey(
            "policy", .word(WordList(["full", "no-removals", "report-only"])),
            "How far a run may go: no-removals never deactivates or revokes, report-only applies nothing.", default: "full"),
        ConfigKey("protect", .section(protect), "Who is never changed by a run."),
        ConfigKey(
            "expect", .list(.section(expectation), orOne: false, item: "expectation"),
            "Tests of this file: what it is to make of some users."),
        ConfigKey(
            "operators", .named(.section(operatorEntry)),
            "Who may approve and use the ways out, by operating-system user; left out, everybody who can write the store."),
        ConfigKey("daemon", .section(daemon), "How `rollcall run` paces its runs."),
    ])

    static let store = ConfigSection([
        ConfigKey(
            "url", .text(.storeURL), "sqlite:///absolute/path, or sqlite:path beside the config file.", required: true),
        ConfigKey("reuse_identifiers", .flag(only: nil), "Whether a deleted user's username and email become free.", default: "false"),
    ])

    static let attributes = ConfigSection([
        ConfigKey("anchor", .text(.attribute), "The immutable id of an entry; required for CSV.", default: "entryUUID"),
        ConfigKey("username", field, "The username.", default: "uid"),
        ConfigKey("email", .orNothing(field), "The email address; ~ for none.", default: "mail"),
        ConfigKey("given_name", .orNothing(field), "The given name; ~ for none.", default: "givenName"),
        ConfigKey("family_name", .orNothing(field), "The family name; ~ for none.", default: "sn"),
        ConfigKey("display_name", .orNothing(field), "The name to show; ~ for none.", default: "[displayName, cn]"),
        ConfigKey("extra", .named(field), "Further fields of the application's own."),
    ])

    /// An attribute, a template, or a list of them of which the first that has a value counts.
    static let field = ConfigType.list(.text(.field), orOne: true, item: nil)

    static let statusRule = ConfigSection(
        [
            ConfigKey("when", .text(.condition), "An RFC 4515 filter that the entry matches."),
            ConfigKey("expired", .text(.attribute), "An attribute whose time has passed."),
            ConfigKey(
                "then", .word(WordList(["active", "inactive", "deleted"])),
                "The status it gives; deleted means inactive now and deleted after lifecycle.delete_after.", required: true),
            ConfigKey(
                "absent", .word(WordList(["unknown"])), "What an absent attribute means: unknown. Left out, it means no restriction."),
            ConfigKey("now", .flag(only: nil), "With `then: deleted`: deletes without waiting.", default: "false"),
        ], exactlyOne: ["when", "expired"])

    static let lifecycle = ConfigSection([
        ConfigKey("absent", .word(WordList(["inactive"], othersAreLater: true)), "What becomes of a user whose entry is gone."),
        ConfigKey(
            "delete_after", .text(.durationOrNever), "How long after the first applied absence a user is deleted; the row stays.",
            default: Lifecycle().deleteAfter?.description),
        ConfigKey(
            "purge_after", .text(.durationOrNever), "How long after a run deleted a user its row is removed.", default: "never"),
        ConfigKey(
            "new_users", .word(WordList(["active", "inactive", "invited"])),
            "The status of a user that a run creates: inactive ones wait for an administrator, invited ones for their acceptance.",
            default: "active"),
        ConfigKey(
            "username", .word(WordList(["keep", "rename"])),
            "What an upstream rename does to the local username: keep shows it as drift, rename follows it.", default: "keep"),
        ConfigKey(
            "status_missing", .word(WordList(["wait", "active", "inactive"])),
            "What a new entry becomes that lacks the attribute which tells its status.", default: "wait"),
        ConfigKey(
            "temporary_lock", .word(WordList(["report", "inactive"])),
            "What a temporary lockout upstream does, which a stranger can cause with a few wrong passwords.", default: "report"),
        ConfigKey(
            "confirm_absence", .flag(only: nil),
            "Whether an absent entry is looked up by itself before its user is deactivated; before a deletion it always is.",
            default: "true"),
    ])

    static let join = ConfigSection([
        ConfigKey(
            "adopt", .word(WordList(["never", "email", "username"])),
            "Whether a local user is linked to the one entry that has the same email or username; always held for a person.",
            default: "never")
    ])

    static let groupRule = ConfigSection(
        [
            ConfigKey("from", .text(.any), "One upstream group, by DN, name or immutable id."),
            ConfigKey("match", .text(.pattern), "A regular expression over the names of upstream groups."),
            ConfigKey("grant", .text(.grant), "The permission group; may use the expression's captures: Team {team}.", required: true),
        ], exactlyOne: ["from", "match"])

    static let permissionGroup = ConfigSection([
        ConfigKey(
            "privileged", .flag(only: nil), "Whether its grants wait for a person and its last holder is never lost.", default: "false"),
        ConfigKey("permissions", .list(.text(.any), orOne: false, item: nil), "The permissions it carries."),
    ])

    static let expectation = ConfigSection([
        ConfigKey("user", .text(.any), "A username.", required: true),
        ConfigKey("status", .word(WordList(["active", "inactive", "invited", "deleted"])), "The status that the user is to have."),
        ConfigKey(
            "groups", .list(.text(.any), orOne: false, item: nil), "Permission groups that the user is to be in; there may be others."),
        ConfigKey("absent", .flag(only: true), "Whether nobody is to have the name; alone."),
    ])

    static let operatorEntry = ConfigSection([
        ConfigKey("user", .text(.any), "The username of their own account, which they cannot approve changes of.", required: true),
        ConfigKey("role", .word(WordList(["approver"])), "What they may do.", default: "approver"),
    ])

    static let protect = ConfigSection([
        ConfigKey(
            "roles", .list(.word(WordList(["owner", "admin", "none"])), orOne: false, item: nil),
            "Users who hold one of these roles.", default: "[owner]"),
        ConfigKey("users", .list(.text(.any), orOne: false, item: nil), "Users of these names."),
    ])
}
