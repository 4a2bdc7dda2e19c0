internal import RollcallCore

// The names of accounts that no run has claimed yet.
extension Administration {
    func claimNames() throws(StoreError) -> DeedPlan {
        try connection.execute(LateClaims.tables)
        var claims = LateClaims(connection: connection, reusesIdentifiers: request.rules.lifecycle.reusesIdentifiers)
        claims.freesDeleted = false
        let finding = try claims.collect()
        var plan = DeedPlan()
        let claimed = try connection.prepare("SELECT 1 FROM temp.all_claims WHERE kind = ?1 AND key = ?2 AND user_id = ?3")
        func gets(_ kind: ClaimKind, _ key: FoldedKey, _ user: Int64) throws(StoreError) -> Bool {
            claimed.bind(1, kind.rawValue).bind(2, key.bytes).bind(3, user)
            defer { claimed.reset() }
            return try claimed.step()
        }
        try claims.forEachAccount { account throws(StoreError) in
            var gained: [String] = []
            if account.ownKey != account.usernameKey, try gets(.username, account.usernameKey, account.id) {
                gained.append("the username is claimed")
            }
            if account.lacksEmail, let key = account.emailKey, try gets(.email, key, account.id) { gained.append("the email is claimed") }
            if gained.isEmpty { return }
            plan.operations.append(operation(account.username, "account \(account.id): \(gained.joined(separator: ", "))"))
        }
        if plan.operations.isEmpty {
            var conflicts = NameConflicts()
            conflicts.usernames = finding.lostUsernames
            conflicts.emails = finding.lostEmails
            plan.idle = (["no account waits for its names; nothing to do"] + conflicts.warnings.map(\.string)).joined(separator: "; ")
        }
        if writes, finding.isAny {
            try claims.apply()
            try claims.settle()
            try moveGeneration()
        }
        return plan
    }
}
