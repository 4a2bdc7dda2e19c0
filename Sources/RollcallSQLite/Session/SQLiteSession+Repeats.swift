internal import RollcallCore

/// Entries that came twice.
extension SQLiteSession {
    /// The same anchor twice with the same content is one entry. With different content a reading of pages contradicts itself. A file does
    /// not: it holds two records of one id, and which one is meant is for a person to say.
    func settleRepeatedEntries() throws(StoreError) {
        try connection.execute("CREATE INDEX temp.staged_anchor ON staged (anchor)")
        let repeats = try connection.prepare("SELECT anchor FROM temp.staged GROUP BY anchor HAVING count(*) > 1")
        let rows = try connection.prepare(
            "SELECT id, kind, digest, known, present, image, place, reason, proves FROM temp.staged WHERE anchor = ?1 ORDER BY id")
        var anchors: [[UInt8]] = []
        while try repeats.step() { anchors.append(repeats.bytes(0)) }
        if anchors.isEmpty { return }
        try connection.execute("CREATE INDEX temp.want_anchor ON want (anchor)")
        let delete = try connection.prepare("DELETE FROM temp.staged WHERE anchor = ?1 AND id <> ?2")
        let dispute = try connection.prepare(
            "UPDATE temp.staged SET kind = ?2, digest = ?3, image = ?4, reason = ?5, proves = ?6, place = 0 WHERE id = ?1")
        let deleteWants = try connection.prepare(
            "DELETE FROM temp.want WHERE anchor = ?1 AND (?2 OR id NOT IN (SELECT min(id) FROM temp.want WHERE anchor = ?1 GROUP BY kind))")
        for anchor in anchors {
            var repeated = RepeatedEntry()
            rows.bind(1, anchor)
            while try rows.step() { repeated.add(rows) }
            rows.reset()
            let hasLeftOut = repeated.leaveOutSeveralIDs()
            guard let first = repeated.rows.first else { continue }
            // One that is known was counted once, for it was recognised when it came again.
            for row in repeated.rows.dropFirst() where row.kind == .present && !row.isKnown { attributes.forget(row.presence, times: 1) }
            try delete.bind(1, anchor).bind(2, first.id).run()
            try deleteWants.bind(1, anchor).bind(2, hasLeftOut || !repeated.isOne).run()
            if repeated.isOne {
                // What was left out may have come first, and wanted no name.
                if hasLeftOut { try stageWants(of: first.entry.slots, Anchor(anchor), KnownEntry(staging.known, Anchor(anchor))) }
                continue
            }
            guard let prefix = staging.placePrefix else { throw StoreError.repeated(Anchor(anchor)) }
            let agreement = repeated.agreement(evaluator.layout)
            dispute.bind(1, first.id).bind(2, StagedKind.rejected.rawValue).bind(3, agreement.digest).bind(4, agreement.image)
                .bind(5, text: Text(repeated.reason(prefix))).bind(6, repeated.proof.rawValue)
            try dispute.run()
        }
    }
}

/// Groups that came twice.
extension SQLiteSession {
    /// Two records of one id in a file are one group whose members are not known, unless they are the same. In a reading of pages the
    /// directory changed meanwhile.
    func settleRepeatedGroups() throws(StoreError) {
        let twice = try connection.prepare("SELECT anchor FROM temp.staged_group GROUP BY anchor HAVING count(*) > 1")
        var anchors: [[UInt8]] = []
        while try twice.step() { anchors.append(twice.bytes(0)) }
        if anchors.isEmpty { return }
        try connection.execute("CREATE INDEX temp.staged_group_anchor ON staged_group (anchor)")
        let rows = try connection.prepare("SELECT id, dn, digest, name, known FROM temp.staged_group WHERE anchor = ?1 ORDER BY id")
        let delete = try connection.prepare("DELETE FROM temp.staged_group WHERE anchor = ?1 AND id <> ?2")
        // The rows that go, by the row that stays.
        var merged: [Int64: Int64] = [:]
        for anchor in anchors {
            rows.bind(1, anchor)
            var places: [Int64] = []
            var digests: Set<ShortDigest> = []
            var shown = ""
            var kept: Int64?
            var known: Int64?
            while try rows.step() {
                let place = rows.number(0)
                if places.isEmpty { shown = rows.text(1).string }
                places.append(place)
                if let digest = rows.shortDigest(2) { digests.insert(digest) }
                known = rows.optionalNumber(4)
                if kept == nil, let known, try formerName(known) == rows.text(3) { kept = place }
            }
            rows.reset()
            guard let first = places.first else { continue }
            let stays = kept ?? first
            for place in places where place != stays { merged[place] = stays }
            try delete.bind(1, anchor).bind(2, stays).run()
            guard digests.count > 1 else { continue }
            guard let prefix = staging.placePrefix else {
                throw StoreError(
                    .contradictory, subject: DisplayEscaping.escapedForTerminal(shown), message: "the reading had this group twice",
                    advice: "the directory changed while it was read; try again")
            }
            try forgetMembers(of: stays, known)
            let records = places.prefix(3).map { place in groups.filePlaces[place].map { "\(prefix)\($0)" } ?? "another record" }
            let rest = places.count > 3 ? " and \(places.count - 3) more" : ""
            groups.doubts[stays] =
                "the members of group \(shown) are not known and stay what they were: \(places.count) records have its id: "
                + records.joined(separator: " and ") + rest
        }
        groups.merge(merged)
    }

    private func formerName(_ id: Int64) throws(StoreError) -> Text? {
        let select = try connection.prepare("SELECT name FROM upstream_groups WHERE id = ?1")
        select.bind(1, id)
        return try select.step() ? select.text(0) : nil
    }

    /// Gives a staged group the members that were kept of it, or none.
    private func forgetMembers(of place: Int64, _ known: Int64?) throws(StoreError) {
        var members: [UInt8] = []
        if let known {
            groups.former.bind(1, known)
            if try groups.former.step() { members = groups.former.bytes(0) }
            groups.former.reset()
        }
        let select = try connection.prepare("SELECT dn, name FROM temp.staged_group WHERE id = ?1")
        select.bind(1, place)
        guard try select.step() else { return }
        var digest = DigestBuilder()
        digest.addField(select.text(0).utf8)
        digest.addField(select.text(1).utf8)
        members.withUnsafeBytes { digest.add($0) }
        let update = try connection.prepare("UPDATE temp.staged_group SET members = ?2, digest = ?3, member_count = ?4 WHERE id = ?1")
        try update.bind(1, place).bind(2, members).bind(3, digest.digest().short).bind(4, members.count / 16).run()
    }
}

/// All that a reading had under one anchor.
private struct RepeatedEntry {
    struct Row {
        var id: Int64
        var kind: StagedKind
        var digest: ShortDigest?
        var isKnown: Bool
        var presence: UInt64
        var entry: Entry
        var place: Int64
        var reason: Text?
        var proof: RejectedProof
    }

    private(set) var rows: [Row] = []
    /// The others are not held, however many records there are.
    private var left = 0

    private static let mostRows = 64

    mutating func add(_ row: Statement) {
        guard rows.count < RepeatedEntry.mostRows else {
            left += 1
            return
        }
        rows.append(
            Row(
                id: row.number(0), kind: StagedKind(rawValue: row.number(1)) ?? .present, digest: row.shortDigest(2),
                isKnown: !row.isNull(3), presence: UInt64(bitPattern: row.number(4)), entry: Entry(image: row.bytes(5)),
                place: row.number(6), reason: row.optionalText(7), proof: RejectedProof(rawValue: row.number(8))))
    }

    /// Leaves out entries with several ids when others have this one alone; whether there were any.
    mutating func leaveOutSeveralIDs() -> Bool {
        let others = rows.filter { !$0.proof.contains(.severalIDs) }
        if others.isEmpty || others.count == rows.count { return false }
        rows = others
        return true
    }

    /// Whether all of them are the same.
    var isOne: Bool {
        guard left == 0, let first = rows.first else { return false }
        return rows.allSatisfy { $0.kind == first.kind && $0.digest == first.digest }
    }

    /// Whether a row of the file can be read as far as it goes.
    private var isReadable: Bool { left == 0 && rows.allSatisfy { $0.kind == .present || $0.proof.contains(.content) } }

    func agreement(_ layout: AttributeLayout) -> Entry {
        if isReadable { return Entry.agreement(of: rows.map(\.entry), layout: layout) }
        var builder = EntryBuilder(layout: layout)
        builder.begin(dn: rows.first.map { Array($0.entry.dn) } ?? [])
        return builder.finish()
    }

    /// What the records prove together: groups name them certainly when all of them have one name.
    var proof: RejectedProof {
        var proof: RejectedProof = isReadable ? .content : []
        if let first = rows.first, left == 0, rows.allSatisfy({ $0.entry.dn == first.entry.dn }) { proof.insert(.name) }
        return proof
    }

    /// Why none of them counts, with where they stand.
    func reason(_ prefix: String) -> String {
        let places = rows.map { $0.place > 0 ? "\(prefix)\($0.place)" : "another record" }
        let few = places.prefix(3)
        let rest = rows.count + left - few.count
        let shown = few.joined(separator: " and ") + (rest > 0 ? " and \(rest) more" : "")
        let flaw = rows.lazy.compactMap(\.reason).first.map { "; of one of them: \($0)" } ?? ""
        return "\(rows.count + left) records have this id: \(shown)\(flaw)"
    }
}

/// Where a file has the known entries, in four bytes for each.
struct KnownPlaces {
    private static let most = 1 << 28
    private var numbers: [UInt32] = []

    mutating func note(_ place: Int, of id: Int64) {
        // An id beyond what a table of that many rows would have is a damaged store's: its place is not known.
        guard let index = Int(exactly: id), index >= 0, index < KnownPlaces.most else { return }
        if index >= numbers.count { numbers.append(contentsOf: repeatElement(0, count: index + 1 - numbers.count)) }
        numbers[index] = UInt32(clamping: place)
    }

    /// 0 when it is not known.
    subscript(id: Int64) -> Int {
        guard let index = Int(exactly: id), numbers.indices.contains(index) else { return 0 }
        return Int(numbers[index])
    }
}
