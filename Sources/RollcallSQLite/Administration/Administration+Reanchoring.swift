internal import RollcallCore

// Accounts whose usernames came with unknown anchors.
extension Administration {
    /// The two entries change anchors, so that the one without a user is forgotten by the next run as any that is gone.
    ///
    /// What the next run would give to the account waits for a person.
    func reanchor(_ moves: [MovedAnchor]) throws(StoreError) -> DeedPlan {
        var plan = DeedPlan(idle: "no linked user's username came with an unknown anchor; nothing to do")
        for move in moves {
            guard let account = try account(anchor: move.old) else { throw refusal(move.username, "\(move.old) has no account any more") }
            guard try self.account(anchor: move.new) == nil else { throw refusal(move.username, "\(move.new) has an account already") }
            try refuseProtectedOrOwn(account)
            let comparison = try comparison(account, move)
            try rename(move.new, to: Anchor([0] + move.new.bytes))
            try rename(move.old, to: move.new)
            try rename(Anchor([0] + move.new.bytes), to: move.old)
            try takeOver(account.id)
            try write("INSERT OR REPLACE INTO handed_over (user_id, at) VALUES (?1, ?2)") {
                $0.bind(1, account.id).bind(2, now.microseconds)
            }
            plan.operations.append(operation(account.name, "linked to \(move.new) (\(move.dn)) in place of \(move.old)"))
            plan.notes.append(comparison)
        }
        if plan.operations.isEmpty { return plan }
        plan.idle = ""
        try moveGeneration()
        return plan
    }

    /// The account and the entry side by side, and what the account may do.
    private func comparison(_ account: KeptAccount, _ move: MovedAnchor) throws(StoreError) -> [String] {
        let user = account.user
        let dates = try connection.prepare(
            "SELECT u.created_at, u.updated_at, e.leaving_since FROM users u LEFT JOIN entries e ON e.user_id = u.id WHERE u.id = ?1")
        dates.bind(1, account.id)
        var since = ""
        if try dates.step() {
            since =
                "; made \(Instant(microseconds: dates.number(0)).wholeSeconds), changed \(Instant(microseconds: dates.number(1)).wholeSeconds)"
            if let leaving = dates.optionalNumber(2) {
                since += ", its entry is missing since \(Instant(microseconds: leaving).wholeSeconds)"
            }
        }
        let names = (user.displayName ?? Text("(no name)"), move.displayName ?? Text("(no name)"))
        let mails = (user.email ?? Text("(no email)"), move.email ?? Text("(no email)"))
        var lines = [
            "the account: \(names.0), \(mails.0), \(user.status.rawValue)\(user.isHeld ? " (deactivated here)" : "")\(since)",
            "the entry:   \(names.1), \(mails.1)",
            "may do:      \(try access(of: account))",
        ]
        if !isSame(user.displayName, move.displayName), !isSame(user.email, move.email) {
            lines.append("neither name nor email is the same: is it the same person? What it gains waits for a person")
        }
        return lines
    }

    /// Whether both are there and mean the same.
    private func isSame(_ one: Text?, _ other: Text?) -> Bool {
        guard let one, let other else { return false }
        return FoldedKey(one) == FoldedKey(other)
    }

    /// The permission groups of an account, privileged ones first, with where they come from; and its role.
    private func access(of account: KeptAccount) throws(StoreError) -> String {
        let groups = try connection.prepare(
            """
            SELECT p.name, p.privileged, g.origin FROM grants g JOIN permission_groups p ON p.id = g.group_id
            WHERE g.user_id = ?1 ORDER BY p.privileged DESC, p.name, g.origin
            """)
        groups.bind(1, account.id)
        var held: [String] = account.user.role == .none ? [] : ["the role \(account.user.role.rawValue)"]
        while try groups.step() {
            let origin = groups.text(2) == Text("local") ? "granted here" : "by a rule"
            held.append("\(groups.text(0)) (\(groups.number(1) != 0 ? "privileged, " : "")\(origin))")
        }
        return held.isEmpty ? "nothing" : held.joined(separator: ", ")
    }

    private func rename(_ anchor: Anchor, to other: Anchor) throws(StoreError) {
        try write("UPDATE entries SET anchor = ?2 WHERE source = 1 AND anchor = ?1") { $0.bind(1, anchor.bytes).bind(2, other.bytes) }
    }

    private func account(anchor: Anchor) throws(StoreError) -> KeptAccount? {
        let select = try connection.prepare("SELECT user_id FROM entries WHERE source = 1 AND anchor = ?1 AND user_id IS NOT NULL")
        select.bind(1, anchor.bytes)
        return try select.step() ? account(id: select.number(0)) : nil
    }
}
