internal import RollcallCore

/// What a run does about claims that are not in the table as they should be (``LateClaims``).
extension SQLiteSession {
    private var lateClaims: LateClaims { LateClaims(connection: connection, reusesIdentifiers: reusesIdentifiers) }

    /// Works the missing claims out.
    func collectLateClaims() throws(StoreError) {
        hasFreed = try connection.number("SELECT 1 FROM freed LIMIT 1") != nil
        let finding = try lateClaims.collect()
        hasLateClaims = finding.isAny
        changesClaims = finding.hasChanges
        basis.nameConflicts.unclaimed = finding.usernames
        basis.nameConflicts.usernames = finding.lostUsernames
        basis.nameConflicts.emails = finding.lostEmails
    }

    /// The users who have one of some usernames.
    func holders(of names: [FoldedKey]) throws(StoreError) -> [Int64] {
        let holder = try connection.prepare(
            "SELECT user_id FROM \(hasLateClaims ? "temp.all_claims" : "claims") WHERE kind = \(ClaimKind.username.rawValue) AND key = ?1")
        var users: [Int64] = []
        for name in names {
            holder.bind(1, name.bytes)
            if try holder.step() { users.append(holder.number(0)) }
            holder.reset()
        }
        return users
    }

    /// Writes them, first of all that a run writes.
    ///
    /// - Parameter freesNames: whether deleted accounts give up their names, as config says; if not, that waits for a person.
    func applyLateClaims(freesNames: Bool) throws(StoreError) {
        if hasLateClaims { try lateClaims.apply(freesNames: freesNames) }
    }

    /// Keeps which accounts lack a name, last of all that a run writes.
    func settleLateClaims() throws(StoreError) {
        if hasLateClaims { try lateClaims.settle() }
    }

    /// Gives deleted users their names back where nobody has them, once config no longer frees names; last of all that a run writes.
    func reclaimFreed() throws(StoreError) {
        guard hasFreed, !reusesIdentifiers else { return }
        let users = try connection.prepare(
            "SELECT id, username, email FROM users WHERE id IN (SELECT user_id FROM freed) AND status = 'deleted' ORDER BY id")
        let claim = try connection.prepare("INSERT OR IGNORE INTO claims (kind, key, user_id) VALUES (?1, ?2, ?3)")
        let holder = try connection.prepare("SELECT user_id FROM claims WHERE kind = ?1 AND key = ?2")
        let settle = try connection.prepare("DELETE FROM freed WHERE user_id = ?1")
        let own = try connection.prepare("UPDATE users SET username_key = ?2 WHERE id = ?1")
        var settled: [Int64] = []
        while try users.step() {
            let id = users.number(0)
            var hasAll = true
            for (kind, name) in [(ClaimKind.username, users.text(1)), (.email, users.optionalText(2))] {
                guard let key = name.map({ FoldedKey($0) }) else { continue }
                try claim.bind(1, kind.rawValue).bind(2, key.bytes).bind(3, id).run()
                if kind == .username, connection.changedRows > 0 { try own.bind(1, id).bind(2, utf8: key).run() }
                holder.bind(1, kind.rawValue).bind(2, key.bytes)
                defer { holder.reset() }
                if try holder.step(), holder.number(0) != id { hasAll = false }
            }
            if hasAll { settled.append(id) }
        }
        for id in settled { try settle.bind(1, id).run() }
    }

    /// Whether config frees the names of deleted users.
    var reusesIdentifiers: Bool { evaluator.rules.lifecycle.reusesIdentifiers }

    /// Whether a deleted user has a name for themselves although another of theirs is free.
    func isKept(_ kind: ClaimKind, _ key: FoldedKey, by user: Int64) throws(StoreError) -> Bool {
        if reusesIdentifiers { return false }
        let holder = try connection.prepare("SELECT user_id FROM claims WHERE kind = ?1 AND key = ?2")
        holder.bind(1, kind.rawValue).bind(2, key.bytes)
        return try holder.step() && holder.number(0) == user
    }

    /// Whether somebody else may have the names of a user.
    func areNamesFree(_ user: Int64, _ status: UserStatus) throws(StoreError) -> Bool {
        guard status == .deleted else { return false }
        if reusesIdentifiers { return true }
        guard hasFreed else { return false }
        let select = try connection.prepare("SELECT 1 FROM freed WHERE user_id = ?1")
        select.bind(1, user)
        return try select.step()
    }
}
