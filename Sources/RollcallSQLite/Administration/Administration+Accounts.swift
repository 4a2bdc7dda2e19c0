internal import RollcallCore

// One account: hold and release, restore.
extension Administration {
    func hold(_ name: Text) throws(StoreError) -> DeedPlan {
        let account = try account(name)
        try refuseProtectedOrOwn(account)
        let user = account.user
        switch user.status {
        case .deleted: throw refusal(user.username, "the account is deleted and has no access", advice: "")
        case .invited:
            throw refusal(
                user.username, "the account is invited and has no access yet", advice: "withdraw the invitation in the application")
        case .inactive where user.isHeld: return DeedPlan(idle: "\(user.username) is held already; nothing to do")
        case .inactive, .active: break
        }
        try refuseLastHolder(account, onlyFromSource: false)
        let detail = try "\(user.status.rawValue) → inactive, held here" + endings(of: account)
        try write("UPDATE users SET status = 'inactive', held = 1, updated_at = ?2 WHERE id = ?1") { statement in
            statement.bind(1, user.id).bind(2, now.microseconds)
        }
        for sql in AccountStatements.endings { try write(sql) { $0.bind(1, user.id) } }
        try takeOver(user.id)
        try moveGeneration()
        return doing(user.username, detail)
    }

    func release(_ name: Text) throws(StoreError) -> DeedPlan {
        let account = try account(name)
        try refuseProtectedOrOwn(account)
        let user = account.user
        guard user.isHeld else { return DeedPlan(idle: "\(user.username) is not held; nothing to do") }
        // Nobody upstream says what becomes of a local account.
        let isLocal = account.anchor == nil
        try write("UPDATE users SET held = 0, status = ?3, updated_at = ?2 WHERE id = ?1") { statement in
            statement.bind(1, user.id).bind(2, now.microseconds).bind(3, text: isLocal ? UserStatus.active.text : user.status.text)
        }
        try takeOver(user.id)
        try moveGeneration()
        return doing(
            user.username,
            isLocal ? "inactive, held here → active" : "no longer held here; the next run activates it when upstream says active")
    }

    func restore(_ name: Text) throws(StoreError) -> DeedPlan {
        if let tombstone = try tombstone(name) { return try lift(tombstone) }
        var account: KeptAccount
        if let found = try linkedAccount(name) { account = found } else { account = try self.account(name) }
        // Whoever has the name now needs no restoring.
        if account.user.status != .deleted, let freed = try freedAccount(name) { account = freed }
        try refuseProtectedOrOwn(account)
        let user = account.user
        if user.status == .deleted,
            try connection.number("SELECT 1 FROM entries WHERE user_id = \(user.id) AND deleted_at IS NOT NULL") != nil
        {
            throw refusal(user.username, "a run deleted the account, and gives it back when upstream has it again")
        }
        guard user.status == .deleted else {
            return DeedPlan(idle: "\(user.username) is \(user.status.rawValue), not deleted; nothing to do")
        }
        let names = try takeNamesBack(account)
        // Held when it is local, as nobody upstream says what becomes of it.
        let isLocal = account.anchor == nil
        try write("UPDATE users SET status = 'inactive', held = ?3, updated_at = ?2 WHERE id = ?1") { statement in
            statement.bind(1, user.id).bind(2, now.microseconds).bind(3, isLocal)
        }
        try takeOver(user.id)
        try moveGeneration()
        return doing(
            user.username,
            (isLocal
                ? "deleted → inactive, held here; `rollcall users release` activates it"
                : "deleted → inactive; the next run activates it when upstream says active") + names)
    }

    /// Claims the names of a deleted account that were free since, or refuses when somebody else is called so by now.
    ///
    /// - Returns: what else that comes to, as a sentence goes on: an email that somebody else has by now is left to them.
    private func takeNamesBack(_ account: KeptAccount) throws(StoreError) -> String {
        let user = account.user
        guard try connection.number("SELECT 1 FROM freed WHERE user_id = \(user.id)") != nil else { return "" }
        if let other = try holder(of: user.username, .username, except: account) {
            throw refusal(
                user.username, "the username was free while the account was deleted, and \(other.name) has it now (account \(other.id))",
                advice: "rename that one first, or leave this one deleted")
        }
        var names = [(ClaimKind.username, user.username)]
        var said = ""
        if let email = user.email {
            if let other = try holder(of: email, .email, except: account) {
                said = "; without the email, which \(other.name) has now"
                try write("UPDATE users SET email = NULL WHERE id = ?1") { $0.bind(1, user.id) }
            } else {
                names.append((.email, email))
            }
        }
        for (kind, name) in names {
            // Who has the row and not the name has been renamed by the application; the next run writes their claims anew.
            try write("INSERT OR REPLACE INTO claims (kind, key, user_id) VALUES (?1, ?2, ?3)") {
                $0.bind(1, kind.rawValue).bind(2, FoldedKey(name).bytes).bind(3, user.id)
            }
        }
        let key = FoldedKey(user.username)
        try write("UPDATE users SET username_key = NULL WHERE username_key = ?1") { $0.bind(1, utf8: key) }
        try write("UPDATE users SET username_key = ?2 WHERE id = ?1") { $0.bind(1, user.id).bind(2, utf8: key) }
        try write("DELETE FROM freed WHERE user_id = ?1") { $0.bind(1, user.id) }
        return said
    }

    /// What ends with an account's access, as a sentence goes on.
    private func endings(of account: KeptAccount) throws(StoreError) -> String {
        var ended: [String] = []
        for (table, one, many) in [("sessions", "1 session", "sessions"), ("api_tokens", "1 API token", "API tokens")] {
            let count = try connection.number("SELECT count(*) FROM \(table) WHERE user_id = \(account.id)") ?? 0
            if count > 0 { ended.append(count == 1 ? one : "\(count) \(many)") }
        }
        ended += try sourceGroups(of: account.id)
        return ended.isEmpty ? "" : "; ends \(ended.joined(separator: ", "))"
    }

    /// The account that is linked to the entry of this anchor.
    private func linkedAccount(_ anchor: Text) throws(StoreError) -> KeptAccount? {
        let select = try connection.prepare("SELECT user_id FROM entries WHERE source = 1 AND anchor = ?1 AND user_id IS NOT NULL")
        for candidate in Anchor.described(as: anchor) {
            select.bind(1, candidate.bytes)
            defer { select.reset() }
            if try select.step() { return try account(id: select.number(0)) }
        }
        return nil
    }

    // MARK: - Tombstones

    /// What is kept of an account whose row an application has removed.
    private struct Tombstone {
        var anchor: Anchor
        var username: Text
    }

    /// The tombstone of this anchor, or the one of this username.
    private func tombstone(_ name: Text) throws(StoreError) -> Tombstone? {
        let select = try connection.prepare("SELECT anchor, username FROM tombstones WHERE source = 1 ORDER BY anchor")
        var called: [Tombstone] = []
        while try select.step() {
            let tombstone = Tombstone(anchor: Anchor(select.bytes(0)), username: select.text(1))
            if tombstone.anchor.description == name.string { return tombstone }
            if FoldedKey(tombstone.username) == FoldedKey(name) { called.append(tombstone) }
        }
        guard called.count > 1 else {
            // Whoever has the name now is meant rather than whoever had it.
            if let only = called.first, (try? account(name)) == nil { return only }
            return nil
        }
        throw refusal(
            name, "\(called.count) purged accounts were called so",
            advice: "name one by its anchor: \(called.map(\.anchor.description).joined(separator: ", "))")
    }

    private func lift(_ tombstone: Tombstone) throws(StoreError) -> DeedPlan {
        try refuseOwn(tombstone.username)
        try write("DELETE FROM tombstones WHERE source = 1 AND anchor = ?1") { $0.bind(1, tombstone.anchor.bytes) }
        try write(
            "UPDATE entries SET attention = 1, leaving_since = NULL, deleted_at = NULL, invited = 0 WHERE source = 1 AND anchor = ?1"
        ) { $0.bind(1, tombstone.anchor.bytes) }
        try moveGeneration()
        return doing(
            tombstone.username, "purged here; \(tombstone.anchor) may be created again by the next run, as a new account without history")
    }
}
