extension SentencePattern {
    /// The sentences with holes that a run is known to say. One that has no pattern is redacted whole.
    static let known: [SentencePattern] = all.filter { $0.contains("{") }.map { SentencePattern($0) }

    /// The sentences without a hole.
    static let fixed: Set<[UInt8]> = Set((all.filter { !$0.contains("{") } + Wording.firstLook.values).map { Array($0.utf8) })

    private static let all = runs + differences + groupRules

    /// What a look-up says that could search a part of the naming context only.
    private static let notBelowBase = "not below {value} any more (parts of {value} lie on other servers)"

    private static let runs = [
        "expectation failed: {sentence}", "{user}: expected nobody of this name, found {value}",
        "{user}: expected {value}, found nobody of this name", "{user}: expected {value}, found {value}",
        "the members of group {value} are not known and stay what they were: {value}",
        "group {value} keeps the name that it had, if it had one: {value}", "group {value} cannot be used and stays what it was: {value}",
        "{number} more groups could not be told and stay what they were",
        "the source is paused by {user} since {value}", "{sentence}; `apply` changes nothing until `rollcall resume`",
        "`rollcall resume` lets runs apply again",
        "approved by {user}: the config's operators do not name root",
        "{number} of the approved changes are of the approver's own access: {user}",
        "{number} approved change waits for somebody else than {user}", "{number} approved changes wait for somebody else than {user}",
        "{value} is read by the config, and no entry of the snapshot has it", "{value} is read by the config and never kept in a snapshot",
        "the snapshot has no groups: its config had no source.groups",
        "the store is of an earlier version; the next run that applies brings it up to date",
        "1 account is in conflict and in no view, for the username is another account's: {value}; rename one of the two",
        "{number} accounts are in conflict and in no view, for the username is another account's: {value}; rename one of the two",
        "1 account is in no view until the username is claimed, by an applied run or `rollcall users claim`: {value}",
        "{number} accounts are in no view until the username is claimed, by an applied run or `rollcall users claim`: {value}",
        "1 account has no email in the views, for it is another account's: {value}; change one of the two",
        "{number} accounts have no email in the views, for it is another account's: {value}; change one of the two",
        "1 user loses access within {span}: {value}", "{number} users lose access within {span}: {value}",
        "our clock says {value}, before the last applied run ({value}); expiry and waiting are judged as of that run, until `rollcall source accept`",
        "our clock says {value}, the source's {value}; expiry and waiting are judged by the source's",
        "our clock says {value}, before the source's newest change ({value}); expiry and waiting are judged as of that change",
        "our clock says {value}, more than a year after the last applied run and the source's newest change; expiry and waiting are judged as of {value}",
        "the policy is report-only", "every change waits for a person", "the run was told to stop",
        "the plan is no longer what was reviewed: directory or store moved since; make a new one with `rollcall plan --out`",
    ]

    /// What is said of a held plan that takes the place of another.
    private static let differences = [
        "{number} added", "{number} no longer", "{number} changed", "{number} added, {number} no longer",
        "{number} added, {number} changed",
        "{number} no longer, {number} changed", "{number} added, {number} no longer, {number} changed",
    ].map { "supersedes {value}: \($0) ({value})" }

    /// What is said of rules whose groups are not where they say.
    private static let groupRules =
        [
            "group rule {number} meets no upstream group: {rule}",
            "{sentence}; put its new name into the config", "{sentence}; approve what waits (`rollcall plans`) if it is gone for good",
            "{sentence}; `rollcall groups repin {number}` shows what follows from it, and lets it follow",
            "group rule {number} ({rule}) follows its group, which is now {entry}",
            "group rule {number} ({rule}) has lost its group {entry}: the directory has no such group any more",
            "group rule {number} ({rule}) has lost its group {entry}: it is not in the reading, and could not be looked up ({value})",
            "group rule {number} ({rule}) has lost its group {entry}: it is not in the reading",
            "group rule {number} ({rule}) has lost its group {entry}: it has left scope: {entry}",
            "group rule {number} ({rule}) has lost its group {entry}: it is \(notBelowBase)",
            "group rules make {number} more permission groups of names to look at",
            "group rule {number} ({rule}) says another group than it has pinned: {entry}",
        ]
        + [
            "whose name would be blank: it is left out; rename it upstream",
            "which looks like {group}: it is left out; rename it upstream, or declare it in `permission_groups`",
            "which looks like {group}: make sure that it is not meant to be mistaken",
            "with letters of several scripts: make sure that it is not meant to be mistaken for another one",
        ].map { "group rule {number} makes the permission group {group} of the upstream group {entry}, \($0)" }
}
