extension SentencePattern {
    /// The sentences with holes that a run is known to say. One that has no pattern is redacted whole.
    static let known: [SentencePattern] = all.filter { $0.contains("{") }.map { SentencePattern($0) }

    /// The sentences without a hole.
    static let fixed: Set<[UInt8]> = Set((all.filter { !$0.contains("{") } + Wording.firstLook.values).map { Array($0.utf8) })

    private static let all = guards + waiting + runs + differences + groupRules

    /// What a look-up says that could search a part of the naming context only.
    private static let notBelowBase = "not below {value} any more (parts of {value} lie on other servers)"

    private static let waiting = [
        "{number} change waits since an earlier run, until a person approves it or upstream no longer asks for it",
        "{number} changes wait since an earlier run, until a person approves them or upstream no longer asks for them",
        "{number} change was rejected by a person, and waits until one approves it after all",
        "{number} changes were rejected by a person, and wait until one approves them after all",
        "{number} of these changes wait since an earlier run, until a person approves them",
        "{number} change of a permission group that gives permissions or ends its privilege waits for a person",
        "{number} changes of permission groups that give permissions or end their privilege wait for a person",
    ]

    private static let guards =
        [
            "the source answered with no users at all: check base, filter and what we may read there",
            "the source answered with no groups, and had {number}: check base, filter and what we may read there",
            "no user is linked yet: the first run waits for a person who has looked at it",
            "this version of Rollcall takes the rules otherwise than that of the last applied run: what that changes waits for a person",
            "the config asks for something else than the last applied run did: what that changes waits for a person",
            "{number} of {number} entries cannot be used; see the conflicts",
            "{number} of {number} users are missing from the reading: check what we may read there",
            "{number} of {number} groups are missing from the reading: check what we may read there",
            "{value} is gone from {number} of {number} entries that had it: check what we may read there",
            "1 grant of a privileged group waits for a person", "{number} grants of privileged groups wait for a person",
            "1 new username or email of a privileged user, or behind one, waits for a person",
            "{number} new usernames or emails of privileged users, or behind one, wait for a person",
            "1 adoption of a local user waits for a person", "{number} adoptions of local users wait for a person",
            "1 account was linked to another entry by `reanchor`: what it gains by that waits for a person",
            "{number} accounts were linked to other entries by `reanchor`: what they gain by that waits for a person",
            "{number} of {number} linked users came with unknown anchors: if the server was rebuilt, `rollcall reanchor`",
            "{group} would be left without an active holder: give it to somebody else first",
            "{user}: expected nobody of this name, found {value}", "{user}: expected {value}, found nobody of this name",
            "{user}: expected {value}, found {value}", "expectation failed: {sentence}",
        ]
        + windowed.flatMap { before, after in
            [before + after, "\(before) ({number} of them within the last {span})\(after)"]
        }

    /// What a guard says that also counts what was applied within the window, before and after where it says how much that was.
    private static let windowed = [
        ("{number} of {number} active users would be deactivated; look upstream before you approve", ""),
        ("{number} of {number} users would be let in again; did an attribute vanish upstream?", ""),
        ("{number} of {number} users would be created; is base or filter wider than meant?", ""),
        ("{number} of {number} users would get another username or email; did a mapped attribute change its meaning?", ""),
        ("{number} of {number} memberships of {group} would end", "; did its upstream group lose its members?"),
    ]

    private static let runs = [
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
            "{sentence}; 1 change that would follow from it waits for a person",
            "{sentence}; {number} changes that would follow from it wait for a person",
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
