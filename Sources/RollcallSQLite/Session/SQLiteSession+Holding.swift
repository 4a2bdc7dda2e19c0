internal import RollcallCore

/// What is held after the plan is made: by folds over all of it.
extension SQLiteSession {
    func hold(losing groups: [Text]) throws(StoreError) -> Int {
        let select = try connection.prepare("SELECT seq, row, losses FROM temp.plan WHERE losses IS NOT NULL ORDER BY seq")
        let update = try connection.prepare("UPDATE temp.plan SET row = ?2, held = 1 WHERE seq = ?1")
        var held = 0
        while try select.step() {
            let losses = select.bytes(2).split(separator: 0).compactMap { Text($0) }
            guard var row = PlanRow(record: select.bytes(1)) else { throw damaged() }
            let before = row.changes.filter { $0.heldBy != nil }.count
            for group in groups { row = LastHolders.holding(row, for: group, losses: losses) ?? row }
            let added = row.changes.filter { $0.heldBy != nil }.count - before
            if added == 0 { continue }
            held += added
            try update.bind(1, select.number(0)).bind(2, row.record).run()
        }
        return held
    }

    func hold(revoking groups: [Text]) throws(StoreError) -> RevocationHold {
        let groups = Set(groups)
        let select = try connection.prepare("SELECT seq, row, losses, approved FROM temp.plan WHERE revokes ORDER BY seq")
        let update = try connection.prepare("UPDATE temp.plan SET row = ?2, losses = ?3, held = 1 WHERE seq = ?1")
        var hold = RevocationHold()
        while try select.step() {
            var losses = select.bytes(2).split(separator: 0).compactMap { Text($0) }
            guard var row = PlanRow(record: select.bytes(1)) else { throw damaged() }
            var isHeld = false
            let approved = select.digests(3)
            for index in row.changes.indices where row.changes[index].action == .revoke && row.changes[index].heldBy == nil {
                guard let group = row.changes[index].group, groups.contains(group), !approved.contains(row.changes[index].digest) else {
                    continue
                }
                row.changes[index].heldBy = .groupRevocations
                hold.changes += 1
                isHeld = true
                if let place = losses.firstIndex(of: group) {
                    losses.remove(at: place)
                    hold.kept.append(group)
                }
            }
            if isHeld { try update.bind(1, select.number(0)).bind(2, row.record).bind(3, losses.packed).run() }
        }
        return hold
    }

    func holdOwnAccess() throws(StoreError) -> RevocationHold {
        var hold = RevocationHold()
        guard let approver = options.approver else { return hold }
        let select = try connection.prepare("SELECT seq, row, losses FROM temp.plan WHERE row IS NOT NULL ORDER BY seq")
        let update = try connection.prepare("UPDATE temp.plan SET row = ?2, losses = ?3, held = 1 WHERE seq = ?1")
        while try select.step() {
            guard let record = RowRecord(select.lent(1)) else { throw damaged() }
            guard record.subject != .names, let label = Text(record.label.bindMemory(to: UInt8.self)) else { continue }
            guard try record.subject == .permissionGroup ? isOwnGroup(label, of: approver) : approver.owns(label) else { continue }
            guard var row = try? record.decoded() else { throw damaged() }
            let places =
                record.subject == .permissionGroup
                ? Array(row.changes.indices)
                : row.ownAccess(of: approver) { permissionGroups.members[permissionGroups.place(of: $0)].isPrivileged }
            let own = places.filter { row.changes[$0].heldBy == nil }
            hold.changes += own.count
            if own.isEmpty || approver.isRoot { continue }
            var losses = select.bytes(2).split(separator: 0).compactMap { Text($0) }
            for index in own {
                row.changes[index].heldBy = .ownAccess
                let kept = losses.filter { row.changes[index].action.endsAccess || $0 == row.changes[index].group }
                losses.removeAll { kept.contains($0) }
                hold.kept += kept
            }
            try update.bind(1, select.number(0)).bind(2, row.record).bind(3, losses.packed).run()
        }
        return hold
    }

    func holdUnapproved(for guardName: GuardName) throws(StoreError) -> Int {
        let select = try connection.prepare("SELECT seq, row, approved FROM temp.plan WHERE row IS NOT NULL ORDER BY seq")
        let update = try connection.prepare("UPDATE temp.plan SET row = ?2, held = 1 WHERE seq = ?1")
        var held = 0
        while try select.step() {
            guard var row = PlanRow(record: select.bytes(1)) else { throw damaged() }
            let approved = select.digests(2)
            let waiting = row.changes.indices.filter { row.changes[$0].heldBy == nil && !approved.contains(row.changes[$0].digest) }
            if waiting.isEmpty { continue }
            for index in waiting { row.changes[index].heldBy = guardName }
            held += waiting.count
            try update.bind(1, select.number(0)).bind(2, row.record).run()
        }
        return held
    }

    func release(_ guardNames: Set<GuardName>) throws(StoreError) -> Int {
        if guardNames.isEmpty { return 0 }
        let select = try connection.prepare("SELECT seq, row FROM temp.plan WHERE held AND row IS NOT NULL ORDER BY seq")
        let update = try connection.prepare("UPDATE temp.plan SET row = ?2, held = ?3 WHERE seq = ?1")
        var released = 0
        while try select.step() {
            guard var row = PlanRow(record: select.bytes(1)) else { throw damaged() }
            let passing = row.changes.indices.filter { row.changes[$0].heldBy.map { guardNames.contains($0) } ?? false }
            if passing.isEmpty { continue }
            for index in passing {
                if let guardName = row.changes[index].heldBy, guardName.tallies(row.changes[index]) {
                    permitted[guardName, default: 0] += 1
                }
                row.changes[index].heldBy = nil
            }
            released += passing.count
            try update.bind(1, select.number(0)).bind(2, row.record).bind(3, row.changes.contains { $0.heldBy != nil }).run()
        }
        return released
    }

    func holdDependents() throws(StoreError) -> Int {
        if try connection.number("SELECT 1 FROM temp.plan WHERE held LIMIT 1") == nil { return 0 }
        return try holdMembersOfHeldGroups() + holdFreedNames() + holdNamesBehind() + holdBehindAccounts()
    }

    /// Holds the memberships of permission groups that are not made yet because that waits.
    private func holdMembersOfHeldGroups() throws(StoreError) -> Int {
        var waiting: [Text: GuardName] = [:]
        try forEachShared { row in
            for change in row.changes where change.action == .permissionGroup {
                guard let group = change.group, let guardName = change.heldBy, permissionGroups.knownID(of: group) == nil else { continue }
                waiting[group] = guardName
            }
        }
        if waiting.isEmpty { return 0 }
        return try holdChanges { change in change.action == .grant ? change.group.flatMap { waiting[$0] } : nil }
    }

    /// Holds what needs an account that is not made, adopted or active because that waits.
    private func holdBehindAccounts() throws(StoreError) -> Int {
        let select = try connection.prepare("SELECT seq, row FROM temp.plan WHERE held AND row IS NOT NULL ORDER BY seq")
        let update = try connection.prepare("UPDATE temp.plan SET row = ?2 WHERE seq = ?1")
        var held = 0
        while try select.step() {
            guard var row = PlanRow(record: select.bytes(1)) else { throw damaged() }
            guard let first = row.changes.first(where: { $0.heldBy != nil && $0.action.beginsAccess }) else { continue }
            var isMore = false
            for index in row.changes.indices where row.changes[index].heldBy == nil {
                guard first.action != .reactivate || row.changes[index].action == .grant else { continue }
                row.changes[index].heldBy = first.heldBy
                isMore = true
                held += 1
            }
            if isMore { try update.bind(1, select.number(0)).bind(2, row.record).run() }
        }
        return held
    }

    /// Holds what would give a name that a deleted account keeps because freeing it waits.
    private func holdFreedNames() throws(StoreError) -> Int {
        guard reusesIdentifiers else { return 0 }
        var guardName: GuardName?
        try forEachShared { row in if row.subject == .names { guardName = row.changes.lazy.compactMap(\.heldBy).first } }
        guard let guardName else { return 0 }
        try indexWants()
        try connection.execute("CREATE INDEX IF NOT EXISTS temp.plan_anchor ON plan (anchor)")
        let wanting = try connection.prepare(
            """
            SELECT p.seq, p.row FROM temp.plan p WHERE p.row IS NOT NULL AND p.anchor IN (
                SELECT w.anchor FROM temp.want w CROSS JOIN claims c ON c.kind = w.kind AND c.key = w.key
                CROSS JOIN temp.released r ON r.user_id = c.user_id CROSS JOIN users u ON u.id = r.user_id WHERE u.status = 'deleted'
            ) ORDER BY p.seq
            """)
        let update = try connection.prepare("UPDATE temp.plan SET row = ?2, held = 1 WHERE seq = ?1")
        var held = 0
        while try wanting.step() {
            guard var row = PlanRow(record: wanting.bytes(1)) else { throw damaged() }
            let former = held
            for index in row.changes.indices where row.changes[index].heldBy == nil {
                let gives = row.changes[index].fields.contains { ClaimKind($0.field) != nil && $0.after != nil }
                guard gives || row.userID == nil else { continue }
                row.changes[index].heldBy = guardName
                held += 1
            }
            if held > former { try update.bind(1, wanting.number(0)).bind(2, row.record).run() }
        }
        return held
    }

    /// Shows each row about what accounts share to `body`.
    func forEachShared(_ body: (PlanRow) throws(StoreError) -> Void) throws(StoreError) {
        let select = try connection.prepare("SELECT row FROM temp.plan WHERE staged IS NULL ORDER BY seq")
        while try select.step() {
            guard let row = PlanRow(record: select.bytes(0)) else { throw damaged() }
            try body(row)
        }
    }

    /// Holds each change that nothing holds for the guard that `guardName` says; the number of changes.
    private func holdChanges(for guardName: (Change) -> GuardName?) throws(StoreError) -> Int {
        let select = try connection.prepare("SELECT seq, row FROM temp.plan WHERE row IS NOT NULL ORDER BY seq")
        let update = try connection.prepare("UPDATE temp.plan SET row = ?2, held = 1 WHERE seq = ?1")
        var held = 0
        while try select.step() {
            guard var row = PlanRow(record: select.bytes(1)) else { throw damaged() }
            let former = held
            for index in row.changes.indices where row.changes[index].heldBy == nil {
                guard let name = guardName(row.changes[index]) else { continue }
                row.changes[index].heldBy = name
                held += 1
            }
            if held > former { try update.bind(1, select.number(0)).bind(2, row.record).run() }
        }
        return held
    }

    private func holdNamesBehind() throws(StoreError) -> Int {
        let select = try connection.prepare("SELECT row FROM temp.plan WHERE held AND row IS NOT NULL ORDER BY seq")
        var queue: [KeptName] = []
        while try select.step() {
            guard let row = PlanRow(record: select.bytes(0)) else { throw damaged() }
            queue += row.changes.flatMap { $0.namesKept(heldBy: $0.heldBy) }
        }
        if queue.isEmpty { return 0 }
        try indexWants()
        try connection.execute("CREATE INDEX IF NOT EXISTS temp.plan_anchor ON plan (anchor)")
        let wanting = try connection.prepare(
            "SELECT p.seq, p.row FROM temp.want w JOIN temp.plan p ON p.anchor = w.anchor WHERE w.kind = ?1 AND w.key = ?2 AND p.row IS NOT NULL"
        )
        let update = try connection.prepare("UPDATE temp.plan SET row = ?2, held = 1 WHERE seq = ?1")
        var held = 0
        while let name = queue.popLast() {
            wanting.bind(1, name.kind.rawValue).bind(2, name.key.bytes)
            var found: [(seq: Int64, row: PlanRow)] = []
            while try wanting.step() {
                guard let row = PlanRow(record: wanting.bytes(1)) else { throw damaged() }
                found.append((wanting.number(0), row))
            }
            wanting.reset()
            for (seq, row) in found {
                var row = row
                let changes = row.changes.indices.filter { row.changes[$0].heldBy == nil && row.changes[$0].gives(name) }
                guard let first = changes.first else { continue }
                // Without an account there is nothing else to do.
                let waiting = row.changes[first].action == .create ? Array(row.changes.indices) : changes
                for index in waiting where row.changes[index].heldBy == nil {
                    row.changes[index].heldBy = name.heldBy
                    held += 1
                }
                try update.bind(1, seq).bind(2, row.record).run()
                for index in changes { queue += row.changes[index].namesKept(heldBy: name.heldBy) }
            }
        }
        return held
    }

    func heldChanges(whole: Bool) throws(StoreError) -> HeldChanges? {
        let select = try connection.prepare("SELECT row FROM temp.plan WHERE row IS NOT NULL AND (held OR ?1) ORDER BY seq")
        select.bind(1, whole)
        var builder = DigestBuilder()
        var (count, losses, rejected) = (0, 0, 0)
        while try select.step() {
            guard let row = PlanRow(record: select.bytes(0)) else { throw damaged() }
            let waiting = row.changes.filter { $0.heldBy != .lastHolder && (whole || $0.heldBy != nil) }
            for change in waiting { change.digest.withBytes { builder.add($0) } }
            count += waiting.count
            if waiting.contains(where: \.takesAccess) { losses += 1 }
            rejected += waiting.count { $0.heldBy == .rejection }
        }
        let digest = builder.digest()
        held =
            count == 0
            ? nil
            : HeldChanges(id: try HeldPlans(connection).name(of: digest), digest: digest, count: count, losses: losses, rejected: rejected)
        holdsWhole = whole
        return held
    }

    func heldDifference() throws(StoreError) -> HeldDifference? {
        difference = nil
        guard let held, let open = try HeldPlans(connection).open(), open.id != held.id else { return nil }
        // An approval ends the plan; what is left is no successor.
        if approval.plan?.id == open.id { return nil }
        var difference = HeldDifference(from: open.id)
        let before = try ReviewedRows(connection, of: open)
        let select = try connection.prepare("SELECT row FROM temp.plan WHERE row IS NOT NULL AND (held OR ?1) ORDER BY seq")
        select.bind(1, holdsWhole)
        while try select.step() {
            guard let row = PlanRow(record: select.bytes(0)) else { throw damaged() }
            // What was rejected is in neither.
            let waiting = row.changes.filter { change in
                change.heldBy != .lastHolder && change.heldBy != .rejection && (holdsWhole || change.heldBy != nil)
            }
            let former =
                row.subject == .entry
                ? try before.changes(of: row.anchor) { difference.compare($1, [], of: $0) } : before.changes(ofShared: row)
            difference.compare(former, waiting, of: row.label)
        }
        try before.finish { difference.compare($1, [], of: $0) }
        self.difference = difference
        return difference
    }
}

/// A name that its holder keeps because the change that would give it up is held.
private struct KeptName {
    let kind: ClaimKind
    let key: FoldedKey
    let heldBy: GuardName
}

extension Change {
    /// The names that their holder keeps as long as the change is held.
    fileprivate func namesKept(heldBy guardName: GuardName?) -> [KeptName] {
        guard let guardName else { return [] }
        return fields.compactMap { field in
            guard let kind = ClaimKind(field.field), let before = field.before else { return nil }
            return KeptName(kind: kind, key: FoldedKey(before), heldBy: guardName)
        }
    }

    /// Whether the change gives `name` to its user.
    fileprivate func gives(_ name: KeptName) -> Bool {
        fields.contains { field in ClaimKind(field.field) == name.kind && field.after.map { FoldedKey($0) } == name.key }
    }
}

extension ClaimKind {
    /// The claim that goes with a field; `nil` for a field that claims nothing.
    init?(_ field: UserField) {
        switch field {
        case .username: self = .username
        case .email: self = .email
        case .givenName, .familyName, .displayName, .status, .extra, .privileged, .permissions, .namesKept: return nil
        }
    }
}

extension [Text] {
    /// The texts, each ended by a NUL, which no text has; `nil` when there are none.
    var packed: [UInt8]? { isEmpty ? nil : flatMap { $0.utf8 + [0] } }
}

extension Statement {
    /// A column of digests, one after the other; none when it is NULL.
    func digests(_ column: Int32) -> Set<Digest> {
        let bytes = lent(column)
        return Set(
            stride(from: 0, to: bytes.count - bytes.count % Digest.byteCount, by: Digest.byteCount).compactMap { start in
                Digest(bytes: bytes[start..<start + Digest.byteCount])
            })
    }
}
