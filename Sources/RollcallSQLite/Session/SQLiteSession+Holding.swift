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

    func heldChanges(whole: Bool) throws(StoreError) -> HeldChanges? {
        let select = try connection.prepare("SELECT row FROM temp.plan WHERE row IS NOT NULL AND (held OR ?1) ORDER BY seq")
        select.bind(1, whole)
        var digest = DigestBuilder()
        var count = 0
        while try select.step() {
            guard let row = PlanRow(record: select.bytes(0)) else { throw damaged() }
            for change in row.changes where change.heldBy != .lastHolder && (whole || change.heldBy != nil) {
                change.digest.withBytes { digest.add($0) }
                count += 1
            }
        }
        held = count == 0 ? nil : HeldChanges(id: HeldPlanID(digest.digest()), count: count)
        return held
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
