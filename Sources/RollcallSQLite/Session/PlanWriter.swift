internal import RollcallCore

/// Writes the rows of a plan: what was reviewed is what is carried out, change by change.
struct PlanWriter {
    /// What became of one row.
    private struct Outcome {
        /// The linked user after the row; `nil` when there is none.
        var userID: Int64?
        /// Whether the row made the link.
        var isLink = false
        /// Whether a change was left for later.
        var hasHeld = false
        /// The marks of the row's remarks; `nil` when it has none.
        var noted: [UInt8]?
        /// Those of them that a person has acknowledged; `nil` when there are none.
        var acknowledged: [UInt8]?
        /// What becomes of the marks on the entry that say what runs did.
        var deleted = Marking.kept
        var invited = Marking.kept
        /// Whether access ended in this row, from which on the wait for the deletion counts.
        var endsAccess = false
        /// Whether the next run has to look although nothing moves: a new account waits for an administrator, or an adopted user for
        /// what could not come along.
        var needsLook = false
    }

    /// What becomes of one mark.
    private enum Marking: Int {
        case kept, set, cleared, renewed
    }

    let session: SQLiteSession
    let run: Int64
    let now: Instant
    private var accounts: AccountStatements
    private var nextUserID: Int64
    private var nextEntryID: Int64
    private var paths: [[Text]: Int64] = [:]
    private var grantIDs: [[UInt8]: (group: Int64, path: Int64)] = [:]
    private(set) var hasChanged = false
    /// What was carried out, as guards count it.
    private(set) var passed = GuardTally()
    /// Users whose access ended because they are absent, and of whom a person has approved that.
    private(set) var approvedAbsences = 0
    private let holdsNewUsers: Bool
    private let insertEntry: Statement
    private let insertImage: Statement
    private let updateEntry: Statement
    private let updateImage: Statement
    private let markEntry: Statement
    private let deleteEntry: Statement
    private let deleteImage: Statement

    init(_ session: SQLiteSession, run: Int64, at now: Instant) throws(StoreError) {
        self.session = session
        self.run = run
        self.now = now
        let connection = session.connection
        accounts = try AccountStatements(connection)
        holdsNewUsers = session.evaluator.rules.lifecycle.newUsers == .inactive
        nextUserID = try connection.freeIDs(of: "users")
        nextEntryID = try connection.freeIDs(of: "entry_images")
        insertEntry = try connection.prepare(
            """
            INSERT INTO entries (source, anchor, id, digest, member_key, present, state, user_id, attention, due, noted, leaving_since)
            VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            """)
        insertImage = try connection.prepare("INSERT INTO entry_images (id, image) VALUES (?1, ?2)")
        updateEntry = try connection.prepare(
            """
            UPDATE entries SET digest = ?2, member_key = ?3, present = ?4, state = ?5, user_id = ?6, attention = ?7, due = ?8, noted = ?9,
            acknowledged = ?14, \(PlanWriter.marks) WHERE source = 1 AND anchor = ?1
            """)
        updateImage = try connection.prepare("UPDATE entry_images SET image = ?2 WHERE id = ?1")
        markEntry = try connection.prepare(
            """
            UPDATE entries SET state = ?2, attention = ?3, due = ?4, noted = ?5, present = ?6, user_id = ?7,
            acknowledged = ?14, \(PlanWriter.marks) WHERE source = 1 AND anchor = ?1
            """)
        deleteEntry = try connection.prepare("DELETE FROM entries WHERE source = 1 AND anchor = ?1")
        deleteImage = try connection.prepare("DELETE FROM entry_images WHERE id = ?1")
    }

    /// How the marks are kept that say what runs did, from values 10 to 13.
    private static let marks = """
        leaving_since = CASE ?10 WHEN 0 THEN leaving_since WHEN 1 THEN coalesce(leaving_since, ?13) WHEN 3 THEN ?13 ELSE NULL END,
        deleted_at = CASE ?11 WHEN 0 THEN deleted_at WHEN 1 THEN ?13 ELSE NULL END,
        invited = CASE ?12 WHEN 0 THEN invited WHEN 1 THEN 1 ELSE 0 END
        """

    /// Carries out the changes of a row about what accounts share; the names of deleted accounts are moved with the other claims.
    mutating func writeShared(_ row: PlanRow) throws(StoreError) {
        passed.add(row, passing: true)
        for change in row.changes where change.heldBy == nil {
            hasChanged = true
            guard change.action == .permissionGroup, let name = change.group else { continue }
            let place = session.permissionGroups.place(of: name)
            let isPrivileged = change.fields.first { $0.field == .privileged }?.after.map { $0 == Planner.yes }
            let permissions = change.fields.first { $0.field == .permissions }?.after
            guard let id = session.permissionGroups.members[place].id else {
                try createGroup(name, at: place, isPrivileged: isPrivileged ?? false, permissions: permissions ?? Text(jsonArray: []))
                continue
            }
            let update = try session.connection.prepare(
                "UPDATE permission_groups SET privileged = coalesce(?2, privileged), permissions = coalesce(?3, permissions) WHERE id = ?1")
            try update.bind(1, id).bind(2, isPrivileged.map { $0 ? 1 : 0 }).bind(3, text: permissions).run()
        }
    }

    private func createGroup(_ name: Text, at place: Int, isPrivileged: Bool, permissions: Text) throws(StoreError) {
        let insert = try session.connection.prepare(
            "INSERT INTO permission_groups (name, key, privileged, permissions) VALUES (?1, ?2, ?3, ?4) RETURNING id")
        insert.bind(1, text: name).bind(2, FoldedKey(name).bytes).bind(3, isPrivileged).bind(4, text: permissions)
        if try insert.step() { session.permissionGroups.created(place, id: insert.number(0)) }
    }

    /// Carries out the changes of one row that nothing holds, and keeps its entry as the connector space's copy.
    mutating func write(_ planned: PlannedRows, _ record: RowRecord?) throws(StoreError) {
        var outcome = Outcome(userID: planned.userID)
        if let record {
            let remarks =
                if outcome.userID == nil { try writeNewcomer(planned, record, &outcome) } else { try writeKnown(planned, record, &outcome) }
            guard let remarks else { throw planned.damaged }
            if remarks > 0 {
                guard let row = try? record.decoded(digests: false) else { throw planned.damaged }
                outcome.noted = row.remarkMarks
                outcome.acknowledged = row.acknowledged.isEmpty ? nil : row.acknowledged
            }
        }
        let isMarked = outcome.deleted != .kept || outcome.invited != .kept
        if planned.writes || outcome.isLink || outcome.hasHeld || isMarked { try keepEntry(planned, outcome) }
    }

    /// Makes the account of an entry that has none, straight from the row's bytes: of these a run may have very many.
    ///
    /// - Returns: the number of remarks; `nil` when the bytes are damaged.
    private mutating func writeNewcomer(
        _ planned: PlannedRows, _ record: RowRecord, _ outcome: inout Outcome
    ) throws(StoreError) -> Int? {
        let former = nextUserID
        defer { if nextUserID > former, planned.approved.isEmpty { passed.creations += 1 } }
        return try record.forEachChange { change throws(StoreError) in
            if change.heldBy != nil {
                outcome.hasHeld = true
                return
            }
            hasChanged = true
            if change.action == .create {
                outcome.needsLook = holdsNewUsers && change.rule == .newUsers
                try accounts.create(change, id: nextUserID, holds: outcome.needsLook, run: run, at: now)
                outcome.userID = nextUserID
                outcome.isLink = true
                nextUserID += 1
            } else if change.action == .grant, let userID = outcome.userID, let (group, path) = try grantIDs(change) {
                try accounts.grant(userID, group, path: path, run: run)
            }
        }
    }

    /// Brings the account of an entry to what the row says.
    ///
    /// - Returns: the number of remarks; `nil` when the bytes are damaged.
    private mutating func writeKnown(
        _ planned: PlannedRows, _ record: RowRecord, _ outcome: inout Outcome
    ) throws(StoreError) -> Int? {
        let approved = planned.approved
        guard let row = try? record.decoded(digests: !approved.isEmpty), let userID = outcome.userID else { return nil }
        if let adoption = row.changes.first(where: { $0.action == .adopt }) {
            // The user is nobody's until a person has looked.
            if adoption.heldBy != nil {
                outcome.userID = nil
                outcome.hasHeld = true
                return row.remarks.count
            }
            outcome.isLink = true
            outcome.needsLook = true
        }
        try follow(row, userID, &outcome)
        passed.add(row, passing: true, except: approved)
        let isAbsenceApproved = row.changes.contains { change in
            change.heldBy == nil && change.action.endsAccess && change.rule == .absent
                && (session.approval == .everything || approved.contains(change.digest))
        }
        if isAbsenceApproved { approvedAbsences += 1 }
        for change in row.changes {
            if change.heldBy != nil {
                outcome.hasHeld = true
                continue
            }
            hasChanged = true
            switch change.action {
            case .create, .update, .rename, .reactivate, .deactivate, .adopt, .delete, .purge, .permissionGroup, .names: continue
            case .grant:
                guard let group = try id(of: change.group) else { continue }
                try accounts.grant(userID, group, path: try pathID(change.path), run: run)
            case .revoke:
                guard let group = try id(of: change.group) else { continue }
                try accounts.revoke(userID, group)
            }
        }
        if row.changes.contains(where: { $0.action == .purge && $0.heldBy == nil }) {
            try accounts.purge(userID)
            outcome.userID = nil
        }
        return row.remarks.count
    }

    /// Brings an account's fields to their values in one write: a second one would not raise `revision` and would look like one
    /// of somebody else.
    private func follow(_ row: PlanRow, _ userID: Int64, _ outcome: inout Outcome) throws(StoreError) {
        let passing = row.changes.filter { $0.heldBy == nil && $0.action != .purge }
        let fields = passing.flatMap(\.fields)
        if !fields.isEmpty { try accounts.update(userID, fields, run: run, at: now) }
        for change in passing {
            switch change.action {
            case .deactivate:
                try accounts.endAccess(userID)
                outcome.endsAccess = true
                if change.fields.first?.before == UserStatus.invited.text { outcome.invited = .set }
            case .delete:
                try accounts.endAccess(userID)
                if session.reusesIdentifiers { try accounts.freeNames(userID) }
                outcome.deleted = .set
            case .reactivate:
                if change.fields.first?.before == UserStatus.deleted.text { try accounts.claimNames(userID, except: fields) }
                outcome.deleted = .cleared
                outcome.invited = .cleared
            case .create, .update, .rename, .grant, .revoke, .adopt, .purge, .permissionGroup, .names: continue
            }
        }
    }

    /// Keeps the entry of one row as the connector space's copy.
    private mutating func keepEntry(_ planned: PlannedRows, _ outcome: Outcome) throws(StoreError) {
        let noted = outcome.noted
        let attention = outcome.hasHeld || outcome.needsLook || noted != nil
        var state = EntryState(rawValue: Int(planned.state)) ?? .waiting
        // The user was not adopted after all, or is no more.
        if outcome.userID == nil, state == .linked { state = .waiting }
        if outcome.userID == nil, state == .leaving { state = .ignored }
        // What is held has not begun.
        let leaving: Marking = !state.isLeaving ? .cleared : outcome.hasHeld ? .kept : outcome.endsAccess ? .renewed : .set
        guard let known = planned.known else {
            insertEntry.bind(1, planned.anchor).bind(2, nextEntryID).bind(3, planned.digest).bind(4, planned.memberKey)
                .bind(5, planned.presence).bind(6, state.rawValue).bind(7, outcome.userID).bind(8, attention).bind(9, planned.due)
                .bind(10, noted).bind(11, leaving == .set ? session.judgedAt.microseconds : nil)
            try insertEntry.run()
            try insertImage.bind(1, nextEntryID).bind(2, planned.image).run()
            nextEntryID += 1
            return
        }
        if planned.kind == .absent, outcome.userID == nil {
            try deleteEntry.bind(1, planned.anchor).run()
            try deleteImage.bind(1, known).run()
        } else if planned.kind == .present {
            updateEntry.bind(1, planned.anchor).bind(2, planned.digest).bind(3, planned.memberKey).bind(4, planned.presence)
                .bind(5, state.rawValue).bind(6, outcome.userID).bind(7, attention).bind(8, planned.due).bind(9, noted)
            bind(leaving, outcome, to: updateEntry)
            try updateEntry.run()
            try updateImage.bind(1, known).bind(2, planned.image).run()
        } else {
            markEntry.bind(1, planned.anchor).bind(2, state.rawValue).bind(3, attention).bind(4, planned.due).bind(5, noted)
                .bind(6, planned.presence).bind(7, outcome.userID)
            bind(leaving, outcome, to: markEntry)
            try markEntry.run()
        }
    }

    private func bind(_ leaving: Marking, _ outcome: Outcome, to statement: Statement) {
        statement.bind(10, leaving.rawValue).bind(11, outcome.deleted.rawValue).bind(12, outcome.invited.rawValue)
            .bind(13, session.judgedAt.microseconds).bind(14, outcome.acknowledged)
    }

    /// Gives the new names to their users, in the order of the keys: whoever gave one up has done so by now.
    func finishClaims() throws(StoreError) {
        try session.connection.execute(
            "INSERT INTO claims (kind, key, user_id) SELECT kind, key, user_id FROM temp.new_claim ORDER BY kind, key")
        try LateClaims(connection: session.connection, reusesIdentifiers: session.reusesIdentifiers).giveKeys(from: "temp.new_claim")
        try session.connection.execute("DELETE FROM temp.new_claim")
    }

    /// The ids of a grant's permission group and path; `nil` when there is no such group.
    private mutating func grantIDs(_ change: ChangeRecord) throws(StoreError) -> (group: Int64, path: Int64)? {
        let key = Array(change.grantBytes)
        if let ids = grantIDs[key] { return ids }
        guard let name = change.group.flatMap({ Text($0.bindMemory(to: UInt8.self)) }), let group = try id(of: name) else { return nil }
        let ids = (group, try pathID(change.pathTexts))
        grantIDs[key] = ids
        return ids
    }

    /// The id of a permission group; one that config does not declare is made with its first member, unprivileged and without permissions.
    private mutating func id(of group: Text?) throws(StoreError) -> Int64? {
        guard let group else { return nil }
        let place = session.permissionGroups.place(of: group)
        if session.permissionGroups.members[place].id == nil {
            let key = FoldedKey(group)
            if session.evaluator.rules.permissionGroups.contains(where: { FoldedKey($0.name) == key }) {
                throw StoreError(
                    .database, subject: DisplayEscaping.escapedForTerminal(group.string),
                    message: "a membership of this permission group passes although the group itself waits")
            }
            try createGroup(session.permissionGroups.members[place].name, at: place, isPrivileged: false, permissions: Text(jsonArray: []))
        }
        return session.permissionGroups.members[place].id
    }

    private mutating func pathID(_ path: [Text]) throws(StoreError) -> Int64 {
        if let id = paths[path] { return id }
        let text = Text(path.map(\.string).joined(separator: " › "))
        let insert = try session.connection.prepare(
            "INSERT INTO grant_paths (path) VALUES (?1) ON CONFLICT (path) DO UPDATE SET path = path RETURNING id")
        insert.bind(1, text: text)
        let id = try insert.step() ? insert.number(0) : 0
        paths[path] = id
        return id
    }
}
