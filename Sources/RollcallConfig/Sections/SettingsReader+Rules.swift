import RollcallCore

extension SettingsReader {
    // MARK: - Status

    /// Config's own rules, then the flavor's, but for those that config already has.
    mutating func statusRules(_ node: ConfigNode?, kind: SourceKind) -> [StatusRule] {
        var rules: [StatusRule] = []
        var numbers: [StatusRule.Test: Int] = [:]
        for (index, item) in (node?.items ?? []).enumerated() {
            let path = ConfigPath.item("status rule", number: index + 1)
            guard let (test, place, text) = statusTest(item, at: path) else { continue }
            if let first = numbers[test] {
                problems.error(
                    at: place, "\(path.subject) can never decide: status rule \(first) tests the same", advice: "remove one of them")
                continue
            }
            numbers[test] = index + 1
            guard let outcome = item["then"]?.text.flatMap(StatusRule.Outcome.init) else { continue }
            let absent = item["absent"]?.text == "unknown" ? true : nil
            var rule = StatusRule(test: test, outcome: outcome, absentMeansUnknown: absent, text: text)
            if let now = item["now"], now.flag == true {
                rule.isImmediate = true
                if outcome != .deleted {
                    problems.error(at: now.place, "\(path.key("now").subject) goes with `then: deleted` only", advice: "leave it out")
                }
            }
            rules.append(rule)
        }
        return rules + FlavorDefaults.statusRules(kind).filter { numbers[$0.test] == nil }
    }

    private mutating func statusTest(_ item: ConfigNode, at path: ConfigPath) -> (StatusRule.Test, Place, String)? {
        if let when = item["when"] {
            let states: ScimCondition.States = item["absent"]?.text == "unknown" ? .all : .active
            guard let condition = condition(when, at: path.key("when"), states: states), let text = when.text else { return nil }
            return (.when(condition), when.place, text)
        }
        guard let expired = item["expired"], let attribute = attribute(expired, at: path.key("expired")) else { return nil }
        return (.expired(attribute), expired.place, "expired: \(attribute)")
    }

    // MARK: - Protection

    mutating func protection(_ node: ConfigNode?) -> Protection {
        var protection = Protection()
        if let roles = node?["roles"] {
            protection.roles = roles.items.compactMap { $0.text.flatMap(Role.init) }
        }
        let names = node?["users"]?.items.compactMap(\.text) ?? []
        protection.users = names.map { FoldedKey(Text($0)) }
        return protection
    }

    func operators(_ node: ConfigNode?) -> [Operator] {
        (node?.entries ?? []).compactMap { entry in
            guard let user = entry.value["user"]?.text, !user.isEmpty else { return nil }
            return Operator(login: Text(entry.key), user: Text(user))
        }
    }

    // MARK: - Guards

    mutating func guards(_ node: ConfigNode?) -> GuardLimits {
        var limits = GuardLimits()
        if let window = span(node?["window"], at: .root.key("guards").key("window")) { limits.window = window }
        if let span = span(node?["approval_ttl"], at: .root.key("guards").key("approval_ttl")) { limits.approvalTTL = span }
        for (name, _, path) in ConfigKeys.settableGuards {
            guard let section = node?[name.rawValue] else { continue }
            if let percent = section["percent"]?.wholeNumber { limits[keyPath: path].percent = percent }
            if let count = section["count"]?.wholeNumber { limits[keyPath: path].count = count }
            if let min = section["min"]?.wholeNumber { limits[keyPath: path].min = min }
        }
        return limits
    }

    // MARK: - Permission groups

    mutating func permissionGroups(_ node: ConfigNode?) -> [PermissionGroup] {
        var groups: [PermissionGroup] = []
        var first: [FoldedKey: ConfigEntry] = [:]
        for entry in node?.entries ?? [] {
            let key = FoldedKey(Text(entry.key))
            if let earlier = first[key] {
                problems.error(
                    at: entry.place,
                    "permission group \(Quoted(entry.key)) is declared twice: \(Quoted(earlier.key)) on line \(earlier.place.line) is the same name",
                    advice: "letter case does not tell groups apart; keep one of them")
                continue
            }
            first[key] = entry
            if key.isEmpty { problems.error(at: entry.place, "a permission group's name is blank", advice: "name it") }
            groups.append(
                PermissionGroup(
                    name: Text(entry.key), isPrivileged: entry.value["privileged"]?.flag ?? false,
                    permissions: (entry.value["permissions"]?.items ?? []).compactMap { $0.text.map { Text($0) } }))
        }
        return groups
    }
}
