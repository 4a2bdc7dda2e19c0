public import RollcallCore

extension Settings {
    /// A digest of everything that decides what the accounts should be: the rules, and which part of the source is read.
    ///
    /// How the source is reached (URLs, files, TLS, bind, page size, times), where the store is, and the limits of the guards are not
    /// in it: they decide whether a run may go on, not what it wants. The same rules written in another order are other rules.
    public var rulesDigest: Digest {
        var builder = RulesDigestBuilder()
        builder.add(source)
        builder.add(rules)
        return builder.digest
    }
}

/// Writes settings in one canonical form into a digest: each value a field behind its name, each list behind its length.
private struct RulesDigestBuilder {
    private var builder = DigestBuilder()

    init() {
        builder.addField("rollcall.rules/1")
    }

    var digest: Digest { builder.digest() }

    // MARK: - Source

    mutating func add(_ source: SourceSettings) {
        add("source", source.kind)
        switch source {
        case .ldap(let ldap):
            add("users", ldap.users)
            list("groups", ldap.groups.map { [$0] } ?? []) { builder, search in builder.add("search", search) }
            add("referrals", ldap.referrals.rawValue)
        case .scim(let scim): add(scim.userFilter, scim.groupFilter)
        case .resources(let file): add(file.userFilter, file.groupFilter)
        case .file(let file):
            add("users", "\(file.users)")
            list("groups", file.groups.map { ["\($0)"] } ?? []) { builder, filter in builder.builder.addField(filter) }
        }
    }

    private mutating func add(_ users: ScimFilter?, _ groups: ScimFilter?) {
        list("users", users.map { [$0] } ?? []) { $0.add("filter", $1.folded) }
        list("groups", groups.map { [$0] } ?? []) { $0.add("filter", $1.folded) }
    }

    private mutating func add(_ name: String, _ search: LDAPSettings.Search) {
        builder.addField(name)
        // The comparison form: another spelling of the same base is the same scope.
        if let base = try? DistinguishedName(parsing: search.base) {
            builder.addField(base.normalized)
        } else {
            builder.addField(search.base)
        }
        builder.addField(search.scope.rawValue)
        builder.addField("\(search.filter)")
    }

    // MARK: - Rules

    mutating func add(_ rules: RuleSettings) {
        add(rules.attributes)
        list("status", rules.status) { builder, rule in
            switch rule.test {
            case .when(let condition): builder.add("when", "\(condition)")
            case .expired(let name): builder.add("expired", name)
            }
            builder.add("then", rule.outcome.rawValue)
            builder.add("absent", rule.absentMeansUnknown.map { $0 ? "unknown" : "known" } ?? "")
            builder.add("now", rule.isImmediate ? "true" : "false")
            builder.add("temporary", rule.isTemporary ? "true" : "false")
        }
        add(rules.lifecycle)
        list("rules", rules.groups) { builder, rule in
            switch rule.selector {
            case .dn(let bytes): builder.add("dn", bytes)
            case .name(let key): builder.add("name", key.bytes)
            case .anchor(let anchor): builder.add("anchor", anchor.bytes)
            case .pattern: builder.add("match", rule.text)
            }
            builder.list("names", rule.grant.names) { $0.add("name", $1) }
            // No name in config holds a control character, so that a place cannot be mistaken for text.
            builder.add("grant", rule.grant.filled { Text("\u{1}\($0)\u{1}") }?.utf8 ?? [])
        }
        list("permission_groups", rules.permissionGroups.sorted { $0.name < $1.name }) { builder, group in
            builder.add("name", group.name.utf8)
            builder.add("privileged", group.isPrivileged ? "true" : "false")
            builder.list("permissions", group.permissions) { $0.add("permission", $1.utf8) }
        }
        list("ignore", rules.ignore) { $0.add("filter", "\($1)") }
        add("policy", rules.policy.rawValue)
        list("roles", rules.protection.roles.map(\.rawValue).sorted()) { $0.add("role", $1) }
        list("users", rules.protection.users.sorted()) { $0.add("user", $1.bytes) }
        add("anchor", rules.groupAttributes.anchor)
        add("name", rules.groupAttributes.name)
        list("members", rules.groupAttributes.members) { $0.add("member", $1) }
        add("nested", rules.nestedGroups ? "true" : "false")
    }

    private mutating func add(_ lifecycle: Lifecycle) {
        add("username", lifecycle.username.rawValue)
        add("delete_after", lifecycle.deleteAfter?.description ?? "never")
        add("purge_after", lifecycle.purgeAfter?.description ?? "never")
        add("new_users", lifecycle.newUsers.rawValue)
        add("status_missing", lifecycle.statusMissing.rawValue)
        add("temporary_lock", lifecycle.temporaryLock.rawValue)
        add("confirm_absence", lifecycle.confirmsAbsence ? "true" : "false")
        add("adopt", lifecycle.adoption.rawValue)
        // Left out it is what it was before there was a choice, and so is the digest.
        if lifecycle.reusesIdentifiers { add("reuse_identifiers", "true") }
    }

    private mutating func add(_ mapping: AttributeMapping) {
        add("anchor", mapping.anchor)
        add("username", mapping.username)
        for (name, source) in [
            ("email", mapping.email), ("given_name", mapping.givenName), ("family_name", mapping.familyName),
            ("display_name", mapping.displayName),
        ] {
            add(name, source)
        }
        list("extra", mapping.extra) { builder, field in
            builder.add("name", field.name.utf8)
            builder.add("source", field.source)
        }
    }

    private mutating func add(_ name: String, _ source: FieldSource?) {
        list(name, source?.alternatives ?? []) { builder, alternative in
            switch alternative {
            case .attribute(let attribute): builder.add("attribute", attribute)
            case .template(let pieces):
                builder.list("template", pieces) { builder, piece in
                    switch piece {
                    case .text(let text): builder.add("text", text.utf8)
                    case .attribute(let attribute): builder.add("attribute", attribute)
                    }
                }
            }
        }
    }

    // MARK: - Fields

    private mutating func add(_ name: String, _ attribute: AttributeName) {
        add(name, attribute.folded)
    }

    private mutating func add(_ name: String, _ text: String) {
        add(name, Array(text.utf8))
    }

    private mutating func add(_ name: String, _ bytes: [UInt8]) {
        builder.addField(name)
        builder.addField(bytes)
    }

    private mutating func list<Item>(_ name: String, _ items: [Item], _ body: (inout RulesDigestBuilder, Item) -> Void) {
        builder.addField(name)
        builder.add(length: items.count)
        for item in items { body(&self, item) }
    }
}
