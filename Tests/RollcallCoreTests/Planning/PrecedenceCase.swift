@testable import RollcallCore

/// One row of the table of precedence: what a run finds here, what upstream says, and what config asks for.
struct PrecedenceCase: Sendable {
    /// What config asks for beside the defaults.
    struct Config: Sendable {
        var name: String
        var rules: RuleSettings

        init(_ name: String, _ change: (inout RuleSettings) -> Void = { _ in }) throws {
            self.name = name
            rules = try PrecedenceCase.rules()
            change(&rules)
        }
    }

    var local: LocalState
    var upstream: UpstreamState
    var config: Config

    /// The rules of config with the names that this case protects.
    var rules: RuleSettings {
        var rules = config.rules
        rules.protection.users = [FoldedKey("root")] + (local.isProtectedByName ? [FoldedKey("ann")] : [])
        return rules
    }

    /// What the planner decides.
    var decision: Decision {
        var planner = Planner(rules: rules, at: LocalState.now)
        planner.holdsMovedAnchors = upstream.isRebuilt
        return planner.decision(for: pair)
    }

    private var pair: Pair {
        var pair = Pair(anchor: Anchor("u1".utf8), dn: "uid=ann,ou=people", side: side)
        pair.user = local.user
        pair.grants = local.grants
        pair.past = local.past
        pair.wantedGrants = wanted
        pair.usernameClaim = upstream.usernameClaim
        pair.emailClaim = upstream.emailClaim
        pair.lostGrants = upstream.groups == .vanished ? local.given.map { LostGrant(group: $0.group, rule: $0.rule) } : []
        pair.isTombstoned = local.isTombstoned
        pair.movedTo = upstream.isRebuilt ? "u2" : nil
        if let namesake = local.namesake {
            let holder = ClaimHolder(userID: namesake.user.id, username: namesake.user.username, isLinked: false)
            if upstream.username == .same { pair.usernameClaim = .taken(by: holder) }
            if upstream.email == .same { pair.emailClaim = .taken(by: holder) }
            pair.candidate = rules.lifecycle.adoption == .never ? nil : namesake
        }
        return pair
    }

    private var side: UpstreamSide {
        switch upstream.word {
        case .absent, .unconfirmed: .absent(upstream.absence)
        case .rejected: .rejected("two values for entryUUID")
        default: .present(Evaluator(rules: rules).desiredUser(for: entry, at: LocalState.now))
        }
    }

    private var entry: Entry {
        let layout = Evaluator(rules: rules).layout
        var builder = EntryBuilder(layout: layout)
        builder.begin(dn: Array("uid=ann,ou=people".utf8))
        var values = [(UpstreamState.uid, [Array("ann".utf8)]), (UpstreamState.mail, [Array("ann@x".utf8)])]
        values.append((UpstreamState.control, [Array("512".utf8)]))
        let replaced = Set(upstream.values.map(\.0))
        for (name, texts) in values.filter({ !replaced.contains($0.0) }) + upstream.values {
            guard let slot = layout.slot(of: name) else { continue }
            for text in texts { builder.append(text, inSlot: slot) }
        }
        return builder.finish()
    }

    /// What the group rules give to the entry.
    var wanted: [WantedGrant] {
        switch upstream.groups {
        case .same: local.given
        case .lost, .vanished: []
        case .gained: local.given + [PlanFixture.wanted("Zebras")]
        case .gainedPrivileged: [PlanFixture.wanted("Root Admins", privileged: true)] + local.given
        }
    }

    private static func rules() throws -> RuleSettings {
        var mapping = AttributeMapping(
            anchor: AttributeName(known: "entryUUID"), username: FieldSource([.attribute(UpstreamState.uid)]))
        mapping.email = FieldSource([.attribute(UpstreamState.mail)])
        var rules = RuleSettings(attributes: mapping)
        func add(_ filter: String, _ outcome: StatusRule.Outcome, _ change: (inout StatusRule) -> Void = { _ in }) throws {
            var rule = StatusRule(test: .when(.ldap(try Filter(parsing: filter))), outcome: outcome, text: filter)
            change(&rule)
            rules.status.append(rule)
        }
        try add("(employeeType=ended)", .inactive)
        try add("(employeeType=left)", .deleted)
        try add("(employeeType=fired)", .deleted) { $0.isImmediate = true }
        rules.status.append(StatusRule(test: .expired(UpstreamState.expire), outcome: .inactive, text: "expired: shadowExpire"))
        try add("(userAccountControl:1.2.840.113556.1.4.803:=2)", .inactive)
        try add("(pwdState=lock)", .inactive) { $0.isTemporary = true }
        rules.ignore = [.ldap(try Filter(parsing: "(employeeType=service)"))]
        rules.lifecycle.deleteAfter = Span(seconds: 30 * 86_400)
        rules.lifecycle.purgeAfter = Span(seconds: 90 * 86_400)
        return rules
    }
}

extension PrecedenceCase {
    /// Every row, in the order of the table.
    static func all() throws -> [PrecedenceCase] {
        let policies = try [
            Config("full"), Config("no-removals") { $0.policy = .noRemovals }, Config("report-only") { $0.policy = .reportOnly },
        ]
        return policies.flatMap { policy in
            cross([LocalState.nobody], UpstreamState.common + UpstreamState.rare + UpstreamState.contested, policy)
                + cross([LocalState.removed, LocalState.namesake()], upstream(meetingStrangers), policy)
                + cross(LocalState.linked, UpstreamState.common, policy)
                + cross(LocalState.special, upstream(meetingSpecial), policy)
                + cross(LocalState.linked.filter { few.contains($0.name) }, UpstreamState.rare + [UpstreamState.waitingEmail], policy)
        } + (try variants())
    }

    /// Those for whom the rare words of upstream are tried.
    private static let few: Set<String> = [
        "active, in Team by a rule", "active, in Admins by hand", "held by an admin", "deleted by a run", "protected by name",
    ]

    private static let meetingStrangers = [
        "active", "inactive by a rule", "deleted by a rule", "status unreadable", "ignored", "rejected", "renamed", "new email", "gone",
    ]

    private static let meetingSpecial = [
        "active", "inactive by a rule", "deleted by a rule", "deleted by a rule, now", "status unreadable", "ignored", "new email", "gone",
        "absent, unconfirmed",
    ]

    private static func upstream(_ names: [String]) -> [UpstreamState] {
        (UpstreamState.common + UpstreamState.rare).filter { names.contains($0.name) }
    }

    private static func cross(_ locals: [LocalState], _ upstream: [UpstreamState], _ config: Config) -> [PrecedenceCase] {
        locals.flatMap { local in upstream.map { PrecedenceCase(local: local, upstream: $0, config: config) } }
    }

    /// What else config may ask for, where it matters.
    private static func variants() throws -> [PrecedenceCase] {
        func upstream(_ names: String...) -> [UpstreamState] { PrecedenceCase.upstream(names) }
        func linked(_ names: String...) -> [LocalState] {
            (LocalState.linked + LocalState.special).filter { names.contains($0.name) }
        }
        var rows: [PrecedenceCase] = []
        let joining = upstream("active", "inactive by a rule", "status missing", "status unreadable", "group gained")
        for status in [UserStatus.inactive, .invited] {
            let config = try Config("new_users: \(status.rawValue)") { $0.lifecycle.newUsers = status }
            rows += cross([LocalState.nobody], joining + upstream("privileged group gained"), config)
        }
        for rule in [Lifecycle.MissingStatus.active, .inactive] {
            let config = try Config("status_missing: \(rule.rawValue)") { $0.lifecycle.statusMissing = rule }
            rows += cross([LocalState.nobody], joining, config)
            rows += cross(linked("active", "inactive by a run"), upstream("status missing", "status unreadable"), config)
        }
        for way in [Lifecycle.Adoption.username, .email] {
            let config = try Config("adopt: \(way.rawValue)") { $0.lifecycle.adoption = way }
            rows += cross(LocalState.namesakes, upstream("active", "inactive by a rule", "deleted by a rule", "ignored"), config)
            rows += cross([LocalState.namesake()], upstream("status unreadable", "group gained", "privileged group gained", "gone"), config)
        }
        let locked = try Config("temporary_lock: inactive") { $0.lifecycle.temporaryLock = .inactive }
        rows += cross(LocalState.linked, upstream("locked for a time"), locked)
        let renaming = try Config("username: rename") { $0.lifecycle.username = .rename }
        let names =
            upstream("renamed", "a username of two scripts", "no username", "username not text") + UpstreamState.contested + [
                UpstreamState.waitingUsername
            ]
        rows += cross(linked("active", "active, in Admins by a rule", "held by an admin", "owner"), names, renaming)
        let never = try Config("delete_after: never, purge_after: never") {
            $0.lifecycle.deleteAfter = nil
            $0.lifecycle.purgeAfter = nil
        }
        let leavers = upstream("gone", "left scope", "deleted by a rule", "deleted by a rule, now", "ignored")
        rows += cross(
            linked("active", "inactive by a run for 31 days", "held by an admin, gone for 31 days", "deleted by a run 91 days ago"),
            leavers, never)
        return rows
    }
}
