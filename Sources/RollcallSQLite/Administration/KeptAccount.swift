internal import RollcallCore

/// An account with what is kept beside it.
struct KeptAccount {
    var user: LocalUser
    /// The linked entry; `nil` for a local account.
    var anchor: Anchor?

    var id: Int64 { user.id }
    var name: Text { user.username }
}

extension Administration {
    private static let columns = "\(LocalUser.columns), u.id, (SELECT anchor FROM entries WHERE user_id = u.id)"

    /// The account of that username, or else of that email.
    func account(_ name: Text) throws(StoreError) -> KeptAccount {
        if let id = try holder(of: name), let account = try account(id: id) { return account }
        if let freed = try freedAccount(name) { return freed }
        throw refusal(name, "no account is called so", advice: "`rollcall users list` lists them")
    }

    /// The deleted account that was called so and whose names are free since; of several the newest.
    func freedAccount(_ name: Text) throws(StoreError) -> KeptAccount? {
        let key = FoldedKey(name)
        let freed = try connection.prepare(
            "SELECT id, username, email FROM users WHERE id IN (SELECT user_id FROM freed) ORDER BY id DESC")
        var byEmail: Int64?
        while try freed.step() {
            if FoldedKey(freed.text(1)) == key { return try account(id: freed.number(0)) }
            if byEmail == nil, let email = freed.optionalText(2), FoldedKey(email) == key { byEmail = freed.number(0) }
        }
        return try byEmail.flatMap { id throws(StoreError) in try account(id: id) }
    }

    /// Who has a name, unless it is the account itself.
    func holder(of name: Text, _ kind: ClaimKind, except account: KeptAccount) throws(StoreError) -> KeptAccount? {
        let key = FoldedKey(name)
        let claim = try connection.prepare(
            "SELECT user_id FROM claims WHERE kind = ?1 AND key = ?2 AND user_id NOT IN (SELECT user_id FROM unclaimed)")
        claim.bind(1, kind.rawValue).bind(2, key.bytes)
        if try claim.step() { return claim.number(0) == account.id ? nil : try self.account(id: claim.number(0)) }
        let column = kind == .username ? "username" : "email"
        let late = try connection.prepare(
            "SELECT id, \(column) FROM users WHERE id IN (SELECT user_id FROM unclaimed) AND \(column) IS NOT NULL ORDER BY username_key IS NULL, id"
        )
        while try late.step() {
            if late.number(0) != account.id, FoldedKey(late.text(1)) == key { return try self.account(id: late.number(0)) }
        }
        return nil
    }

    func account(id: Int64) throws(StoreError) -> KeptAccount? {
        let select = try connection.prepare("SELECT \(Administration.columns) FROM users u WHERE u.id = ?1")
        select.bind(1, id)
        guard try select.step() else { return nil }
        return KeptAccount(user: LocalUser(select, id: select.number(9)), anchor: select.isNull(10) ? nil : Anchor(select.bytes(10)))
    }

    private func holder(of name: Text) throws(StoreError) -> Int64? {
        let key = FoldedKey(name)
        let claim = try connection.prepare(
            "SELECT user_id FROM claims WHERE kind IN (1, 2) AND key = ?1 AND user_id NOT IN (SELECT user_id FROM unclaimed) ORDER BY kind LIMIT 1"
        )
        claim.bind(1, key.bytes)
        if try claim.step() { return claim.number(0) }
        // Names that no run has claimed yet have no folded keys.
        let late = try connection.prepare(
            "SELECT id, username, email FROM users WHERE id IN (SELECT user_id FROM unclaimed) ORDER BY username_key IS NULL, id")
        var byEmail: Int64?
        while try late.step() {
            if FoldedKey(late.text(1)) == key { return late.number(0) }
            if byEmail == nil, let email = late.optionalText(2), FoldedKey(email) == key { byEmail = late.number(0) }
        }
        return byEmail
    }

    /// Refuses what would touch a protected account, or the approver's own.
    func refuseProtectedOrOwn(_ account: KeptAccount) throws(StoreError) {
        if planner.isProtected(account.user) {
            throw refusal(account.name, "the account is protected, by its role or by its name", advice: "see `protect` in the config")
        }
        try refuseOwn(account.name)
    }

    /// Nobody changes themselves; root could not be kept from it.
    func refuseOwn(_ username: Text) throws(StoreError) {
        if let obstacle {
            throw refusal(
                username, "\(obstacle), so that it may be this one",
                advice: "root or another operator must do it; `operators` in the config says which account is whose")
        }
        if request.approver.owns(username), !request.approver.isRoot {
            throw refusal(
                username, "nobody changes their own account", advice: "somebody else than \(request.approver.shortName) must do it")
        }
    }

    /// Refuses what would leave a privileged group without an active holder.
    ///
    /// - Parameter onlyFromSource: whether only memberships that a rule gave would end.
    func refuseLastHolder(_ account: KeptAccount, onlyFromSource: Bool) throws(StoreError) {
        guard account.user.status == .active else { return }
        let groups = try connection.prepare(
            """
            SELECT p.name FROM permission_groups p WHERE p.privileged = 1
            AND EXISTS (SELECT 1 FROM grants g WHERE g.user_id = ?1 AND g.group_id = p.id)
            AND NOT (?2 AND EXISTS (SELECT 1 FROM grants g WHERE g.user_id = ?1 AND g.group_id = p.id AND g.origin = 'local'))
            AND NOT EXISTS (
                SELECT 1 FROM grants g JOIN users u ON u.id = g.user_id
                WHERE g.group_id = p.id AND u.status = 'active' AND u.username_key IS NOT NULL AND u.id <> ?1)
            ORDER BY p.name LIMIT 1
            """)
        groups.bind(1, account.id).bind(2, onlyFromSource)
        if try groups.step() {
            throw refusal(
                account.name, "\(groups.text(0)) would be left without an active holder", advice: "give it to somebody else first")
        }
    }

    /// The permission groups that a rule gave to the account, in order.
    func sourceGroups(of user: Int64) throws(StoreError) -> [String] {
        let groups = try connection.prepare(
            "SELECT p.name FROM grants g JOIN permission_groups p ON p.id = g.group_id WHERE g.user_id = ?1 AND g.origin = 'source' ORDER BY 1"
        )
        groups.bind(1, user)
        var names: [String] = []
        while try groups.step() { names.append(groups.text(0).string) }
        return names
    }
}
