internal import RollcallCore

/// What a run changes of what accounts share: the permission groups that config declares, and the names of deleted accounts.
///
/// These rows come first in the plan, and are judged, held, approved and reported as any other.
extension SQLiteSession {
    /// The rows about what accounts share, in the order of their names.
    func sharedRows() throws(StoreError) -> [PlanRow] {
        // Without the source only access that ends by the clock is ended.
        if extent == .lastSnapshot { return [] }
        var rows: [PlanRow] = []
        for declared in evaluator.rules.permissionGroups {
            var stored = try storedGroup(declared.name)
            if Planner.row(for: declared, stored?.group) == nil { continue }
            if let id = stored?.id { stored?.group.holders = try activeHolders(of: id) }
            if let row = Planner.row(for: declared, stored?.group) { rows.append(row) }
        }
        rows.sort { $0.label < $1.label }
        if let names = try namesRow() { rows.append(names) }
        return rows
    }

    /// A permission group as the store has it, with its id and without its holders; `nil` when there is none of that name.
    private func storedGroup(_ name: Text) throws(StoreError) -> (id: Int64, group: StoredPermissionGroup)? {
        let select = try connection.prepare("SELECT id, name, privileged, permissions FROM permission_groups WHERE key = ?1")
        select.bind(1, FoldedKey(name).bytes)
        guard try select.step() else { return nil }
        let values = try connection.prepare(
            "SELECT value FROM json_each(CASE WHEN json_valid(?1) THEN ?1 ELSE '[]' END) WHERE type = 'text'")
        values.bind(1, text: select.text(3))
        var permissions: [Text] = []
        while try values.step() { permissions.append(values.text(0)) }
        return (
            select.number(0),
            StoredPermissionGroup(
                name: select.text(1), isPrivileged: select.number(2) != 0, stored: select.text(3), permissions: permissions, holders: 0)
        )
    }

    /// How many active accounts have a permission group.
    private func activeHolders(of id: Int64) throws(StoreError) -> Int {
        let holders = try connection.prepare(
            """
            SELECT count(DISTINCT g.user_id) FROM grants g JOIN users u ON u.id = g.user_id
            WHERE g.group_id = ?1 AND u.status = 'active'
            """)
        holders.bind(1, id)
        return try holders.step() ? Int(holders.number(0)) : 0
    }

    /// What becomes of the names of deleted accounts; `nil` when nothing does.
    private func namesRow() throws(StoreError) -> PlanRow? {
        if !hasLateClaims, !hasFreed { return nil }
        var names = NamesOfDeleted()
        if reusesIdentifiers {
            let freed = try connection.prepare(
                """
                SELECT u.id, u.username FROM temp.released r JOIN users u ON u.id = r.user_id
                WHERE u.status = 'deleted' AND u.id IN (SELECT user_id FROM claims) ORDER BY u.id
                """)
            while try freed.step() { names.add(freed.number(0), freed.text(1)) }
        } else {
            try forEachReclaim { names.add($0, $1) }
        }
        return names.count == 0 ? nil : Planner.row(forNamesOf: names.count, names.first, names.digest, frees: reusesIdentifiers)
    }

    /// The deleted accounts whose names were free, and that get at least one of them back.
    private func forEachReclaim(_ body: (Int64, Text) -> Void) throws(StoreError) {
        guard hasFreed else { return }
        let users = try connection.prepare(
            "SELECT id, username, email FROM users WHERE id IN (SELECT user_id FROM freed) AND status = 'deleted' ORDER BY id")
        let holder = try connection.prepare(
            """
            SELECT 1 FROM \(hasLateClaims ? "temp.all_claims" : "claims") WHERE kind = ?1 AND key = ?2
            UNION ALL SELECT 1 FROM temp.want WHERE kind = ?1 AND key = ?2
            """)
        while try users.step() {
            var isReclaimed = false
            for (kind, name) in [(ClaimKind.username, users.text(1)), (.email, users.optionalText(2))] {
                guard let key = name.map({ FoldedKey($0) }) else { continue }
                holder.bind(1, kind.rawValue).bind(2, key.bytes)
                if try !holder.step() { isReclaimed = true }
                holder.reset()
            }
            if isReclaimed { body(users.number(0), users.text(1)) }
        }
    }

    /// What the plan does to the names of deleted accounts: whether they become free, or are theirs again.
    func plannedNames() throws(StoreError) -> (frees: Bool, reclaims: Bool) {
        let select = try connection.prepare("SELECT row FROM temp.plan WHERE staged IS NULL ORDER BY seq")
        while try select.step() {
            guard let row = PlanRow(record: select.bytes(0)) else { throw damaged() }
            if row.subject == .names, row.changes.contains(where: { $0.heldBy == nil }) { return (reusesIdentifiers, !reusesIdentifiers) }
        }
        return (false, false)
    }

    /// Whether a permission group is one that the approver has, so that another person must approve what it gives.
    func isOwnGroup(_ group: Text?, of approver: Approver) throws(StoreError) -> Bool {
        guard let group else { return false }
        let has = try connection.prepare(
            "SELECT 1 FROM grants g JOIN permission_groups p ON p.id = g.group_id WHERE p.key = ?1 AND g.user_id = ?2")
        for user in try holders(of: approver.accounts) {
            has.bind(1, FoldedKey(group).bytes).bind(2, user)
            defer { has.reset() }
            if try has.step() { return true }
        }
        return false
    }
}

/// The deleted accounts whose names a run moves: how many, the first few, and what stands for all of them.
private struct NamesOfDeleted {
    private(set) var count = 0
    private(set) var first: [Text] = []
    private var builder = DigestBuilder()

    var digest: ShortDigest { builder.digest().short }

    mutating func add(_ id: Int64, _ username: Text) {
        count += 1
        if first.count < 3 { first.append(username) }
        builder.addField("\(id)")
        builder.addField(username.utf8)
    }
}
