internal import RollcallCore

/// How a few users would stand after the plan. Users are found by key; the plan's rows are gone through as they lie, and only those
/// that give a username are compared.
extension SQLiteSession {
    func standings(of names: Set<FoldedKey>) throws(StoreError) -> [FoldedKey: Standing] {
        if names.isEmpty { return [:] }
        try connection.execute("CREATE INDEX IF NOT EXISTS temp.plan_user ON plan (user_id) WHERE user_id IS NOT NULL")
        var standings: [FoldedKey: Standing] = [:]
        for row in try rowsGiving(names) {
            guard let key = row.newUsername.map({ FoldedKey($0) }) else { continue }
            let (user, grants) = try row.userID.map { id throws(StoreError) in try (self.user(id), self.grants(of: id)) } ?? (nil, [])
            standings[key] = Standing(user, grants, after: row)
        }
        let holder = try connection.prepare(
            "SELECT user_id FROM \(hasLateClaims ? "temp.all_claims" : "claims") WHERE kind = 1 AND key = ?1")
        for name in names where standings[name] == nil {
            holder.bind(1, name.bytes)
            let id = try holder.step() ? holder.number(0) : nil
            holder.reset()
            guard let id, let user = try user(id) else { continue }
            let row = try plannedRow(of: id)
            // Whoever gives the name up has it no longer.
            if let next = row?.newUsername, FoldedKey(next) != name { continue }
            standings[name] = Standing(user, try grants(of: id), after: row)
        }
        return standings
    }

    /// The rows that create a user of such a name, or rename one to it.
    private func rowsGiving(_ names: Set<FoldedKey>) throws(StoreError) -> [PlanRow] {
        let select = try connection.prepare("SELECT row FROM temp.plan WHERE row IS NOT NULL ORDER BY seq")
        var rows: [PlanRow] = []
        while try select.step() {
            guard let record = RowRecord(select.lent(0)) else { throw damaged() }
            var gives = false
            let remarks = record.forEachChange { change in
                guard change.action == .create || change.action == .rename else { return }
                change.forEachField { field, after in
                    guard case .username = field, let after, let name = Text(after.bindMemory(to: UInt8.self)) else { return }
                    gives = gives || names.contains(FoldedKey(name))
                }
            }
            guard remarks != nil else { throw damaged() }
            guard gives else { continue }
            guard let row = try? record.decoded() else { throw damaged() }
            rows.append(row)
        }
        return rows
    }

    private func plannedRow(of user: Int64) throws(StoreError) -> PlanRow? {
        let select = try connection.prepare("SELECT row FROM temp.plan WHERE user_id = ?1 AND row IS NOT NULL")
        select.bind(1, user)
        guard try select.step() else { return nil }
        guard let row = PlanRow(record: select.bytes(0)) else { throw damaged() }
        return row
    }

    private func user(_ id: Int64) throws(StoreError) -> LocalUser? {
        let select = try connection.prepare("SELECT \(LocalUser.columns) FROM users WHERE id = ?1")
        select.bind(1, id)
        return try select.step() ? LocalUser(select, id: id) : nil
    }

    private func grants(of user: Int64) throws(StoreError) -> [Grant] {
        let select = try connection.prepare(
            "SELECT p.name, p.privileged, g.origin, p.id FROM grants g JOIN permission_groups p ON p.id = g.group_id WHERE g.user_id = ?1")
        select.bind(1, user)
        var grants: [Grant] = []
        while try select.step() {
            grants.append(
                Grant(
                    group: permissionGroups.members[permissionGroups.place(ofID: select.number(3), called: select.text(0))].name,
                    isPrivileged: select.number(1) != 0,
                    origin: Grant.Origin(rawValue: select.text(2).string) ?? .local))
        }
        return grants
    }
}

extension PlanRow {
    /// The username that the row gives; `nil` when it gives none.
    fileprivate var newUsername: Text? {
        changes.lazy.filter { $0.action == .create || $0.action == .rename }.flatMap(\.fields).first { $0.field == .username }?.after
    }
}
