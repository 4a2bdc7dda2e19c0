internal import RollcallCore

// Accounts and entries: link and unlink.
extension Administration {
    func link(_ requests: [LinkRequest]) throws(StoreError) -> DeedPlan {
        var plan = DeedPlan(idle: "nothing is named to be linked; nothing to do")
        var users: Set<Int64> = []
        var anchors: Set<Anchor> = []
        let entries = KeptEntries(connection, rules: request.rules)
        for request in requests {
            do throws(StoreError) {
                let account = try account(request.account)
                let entry = try entry(request.entry, among: entries)
                guard users.insert(account.id).inserted else { throw refusal(account.name, "the account is named twice") }
                guard anchors.insert(entry.anchor).inserted else { throw refusal(entry.dn, "the entry is named twice") }
                if account.anchor == entry.anchor {
                    plan.idle = "\(account.name) is linked to this entry already; nothing to do"
                    continue
                }
                plan.operations.append(try link(account, to: entry))
            } catch {
                guard let place = request.place else { throw error }
                throw StoreError(error.code, subject: "\(place): \(error.subject)", message: error.message, advice: error.advice)
            }
        }
        if plan.operations.isEmpty { return plan }
        plan.idle = ""
        try moveGeneration()
        return plan
    }

    private func link(_ account: KeptAccount, to entry: KeptEntry) throws(StoreError) -> Operation {
        try refuseProtectedOrOwn(account)
        let user = account.user
        if user.role == .owner { throw refusal(user.username, "the account is an owner's, which no run changes") }
        if user.status == .deleted { throw refusal(user.username, "the account is deleted", advice: "restore it first") }
        if let other = account.anchor { throw refusal(user.username, "the account is linked to \(other)", advice: "unlink it first") }
        if let other = entry.userID {
            let name = try self.account(id: other)?.name ?? "another account"
            throw refusal(entry.dn, "the entry has an account: \(name)", advice: "unlink that one first")
        }
        switch entry.state {
        case .ignored: throw refusal(entry.dn, "an `ignore` filter matches the entry, so its account would lose access")
        case .absent: throw refusal(entry.dn, "the last applied snapshot does not have the entry any more")
        case .leaving: throw refusal(entry.dn, "upstream gives the entry's account up, so it would lose access")
        case .waiting, .linked: break
        }
        let tombstone = try connection.prepare("SELECT 1 FROM tombstones WHERE source = 1 AND anchor = ?1")
        tombstone.bind(1, entry.anchor.bytes)
        if try tombstone.step() {
            throw refusal(entry.dn, "the entry's account was purged here", advice: "rollcall users restore \(entry.anchor.shellWord)")
        }
        try write(
            """
            UPDATE entries SET user_id = ?2, state = \(EntryState.linked.rawValue), attention = 1, noted = NULL, acknowledged = NULL,
            leaving_since = NULL, deleted_at = NULL, invited = 0
            WHERE source = 1 AND anchor = ?1
            """
        ) { $0.bind(1, entry.anchor.bytes).bind(2, user.id) }
        return operation(
            user.username, "linked to \(entry.anchor) (\(entry.dn)); from the next run on the account is what upstream says")
    }

    func unlink(_ name: Text) throws(StoreError) -> DeedPlan {
        let account = try account(name)
        guard let anchor = account.anchor else { return DeedPlan(idle: "\(account.name) is linked to no entry; nothing to do") }
        try refuseProtectedOrOwn(account)
        try refuseLastHolder(account, onlyFromSource: true)
        let ended = try sourceGroups(of: account.id)
        try write(
            """
            UPDATE entries SET user_id = NULL, attention = 1, noted = NULL, acknowledged = NULL,
            leaving_since = NULL, deleted_at = NULL, invited = 0,
            state = CASE state WHEN \(EntryState.absent.rawValue) THEN state ELSE \(EntryState.waiting.rawValue) END
            WHERE user_id = ?1
            """
        ) { $0.bind(1, account.id) }
        try write("DELETE FROM grants WHERE user_id = ?1 AND origin = 'source'") { $0.bind(1, account.id) }
        try moveGeneration()
        return doing(
            account.name,
            "no longer linked to \(anchor); the account is local, and no run touches it"
                + (ended.isEmpty ? "" : "; ends \(ended.joined(separator: ", "))"))
    }

    // MARK: - Naming

    private func account(_ asked: LinkRequest.Account) throws(StoreError) -> KeptAccount {
        switch asked {
        case .named(let name): return try account(name)
        case .id(let id, let shown):
            guard let account = try account(id: id) else { throw refusal(Text(shown), "there is no account \(id)", advice: "match again") }
            guard LinkRequest.isShown(account.name, as: shown) else {
                throw refusal(Text(shown), "account \(id) is called \(account.name)", advice: "match again")
            }
            return account
        }
    }

    private func entry(_ asked: LinkRequest.Target, among entries: KeptEntries) throws(StoreError) -> KeptEntry {
        switch asked {
        case .anchor(let anchor):
            if let entry = try entries.entry(anchor) { return entry }
            throw refusal(Text("\(anchor)"), "the last applied snapshot has no such entry", advice: "match again")
        case .named(let name):
            for anchor in Anchor.described(as: name) {
                if let entry = try entries.entry(anchor) { return entry }
            }
            return try entry(named: name, among: entries)
        }
    }

    /// The entry of that DN, or of those without an account the one that asks for that username.
    private func entry(named name: Text, among entries: KeptEntries) throws(StoreError) -> KeptEntry {
        let dn = (try? DistinguishedName(parsing: name.string)).flatMap { $0.rdns.isEmpty ? nil : $0.normalized }
        let key = try entries.areReadable() ? FoldedKey(name) : nil
        var found: [KeptEntry] = []
        try entries.forEachEntry { entry throws(StoreError) in
            if let dn, (try? DistinguishedName(parsing: entry.entry.dn))?.normalized == dn { return found.append(entry) }
            guard let key, entry.userID == nil, let wanted = entries.evaluator.claims(of: entry.entry.slots)?.username.text else { return }
            if FoldedKey(wanted) == key { found.append(entry) }
        }
        if let only = found.first, found.count == 1 { return only }
        if found.isEmpty {
            throw refusal(
                name, "the last applied snapshot has no entry without an account of this anchor, DN or username",
                advice: key == nil
                    ? "the config's attributes have changed since: name the anchor or the DN" : "rollcall explain shows what upstream has")
        }
        throw refusal(
            name, "\(found.count) entries are called so",
            advice: "name one by its anchor: \(found.prefix(5).map(\.anchor.description).joined(separator: ", "))")
    }
}
