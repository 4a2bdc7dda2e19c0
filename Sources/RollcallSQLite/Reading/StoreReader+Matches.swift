public import RollcallCore

extension StoreReader {
    /// Accounts that are local, and entries that wait, which share a username or an email, in the order of the usernames.
    ///
    /// - Throws: ``StoreError`` with ``StoreError/Code/refused`` when the entries were read by rules that look for other attributes.
    public func matches(_ rules: RuleSettings) throws(StoreError) -> [Match] {
        let entries = KeptEntries(connection, rules: rules)
        guard try entries.areReadable() else {
            throw StoreError(
                .refused, subject: connection.subject, message: "the config reads other attributes than the last applied run did",
                advice: "run `rollcall apply` first")
        }
        let people = try PinnedPeople(connection, [], rules.protection, nil) {
            (name) throws(StoreError) in try AccountPins(connection).holder(of: name)
        }
        let locals = try LocalAccounts(connection, Planner(rules: rules, at: .epoch, protecting: Set(people.protected)))
        var matches: [Match] = []
        try entries.forEachEntry { entry throws(StoreError) in
            guard entry.userID == nil, entry.state == .waiting || entry.state == .linked,
                let claims = entries.evaluator.claims(of: entry.entry.slots)
            else { return }
            matches += locals.matches(of: entry, username: claims.username.text, email: claims.email.text)
        }
        let users = Dictionary(matches.map { ($0.userID, 1) }, uniquingKeysWith: +)
        let anchors = Dictionary(matches.map { ($0.anchor, 1) }, uniquingKeysWith: +)
        for index in matches.indices { matches[index].isOnly = users[matches[index].userID] == 1 && anchors[matches[index].anchor] == 1 }
        return matches.sorted { ($0.username, $0.anchor) < ($1.username, $1.anchor) }
    }
}

/// The accounts that may be linked, by their names.
private struct LocalAccounts {
    private var users: [Int64: LocalUser] = [:]
    private var byUsername: [FoldedKey: [Int64]] = [:]
    private var byEmail: [FoldedKey: [Int64]] = [:]

    init(_ connection: Connection, _ planner: Planner) throws(StoreError) {
        let select = try connection.prepare(
            """
            SELECT \(LocalUser.columns), u.id FROM users u
            WHERE u.status <> 'deleted' AND u.role <> 'owner' AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.user_id = u.id) ORDER BY u.id
            """)
        while try select.step() {
            let user = LocalUser(select, id: select.number(9))
            if planner.isProtected(user) { continue }
            users[user.id] = user
            byUsername[FoldedKey(user.username), default: []].append(user.id)
            if let email = user.email { byEmail[FoldedKey(email), default: []].append(user.id) }
        }
    }

    func matches(of entry: KeptEntry, username: Text?, email: Text?) -> [Match] {
        let named = username.flatMap { byUsername[FoldedKey($0)] } ?? []
        let mailed = email.flatMap { byEmail[FoldedKey($0)] } ?? []
        return Set(named + mailed).sorted().compactMap { id in
            users[id].map { user in
                Match(
                    userID: id, username: user.username, email: user.email, anchor: entry.anchor, dn: entry.dn, entryUsername: username,
                    entryEmail: email, sharesUsername: named.contains(id), sharesEmail: mailed.contains(id))
            }
        }
    }
}
