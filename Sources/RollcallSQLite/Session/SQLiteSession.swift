internal import GRDB
internal import RollcallCore

/// One run against an SQLite database: stage, settle, plan, apply.
///
/// The reading is staged in temporary tables of this connection, in a file that is unlinked as soon as it is made; nothing of the
/// directory stays in memory but one bit for each known entry and a few dozen bytes for each upstream group, beside the
/// ``ClaimFilter``. Each step of the run stands in an extension of its own, with the state that only it needs.
final class SQLiteSession: StoreSession {
    private let queue: DatabaseQueue
    private let lock: ApplierLock?
    private var isOpen = true
    private var isCounted = false

    let connection: Connection
    let evaluator: Evaluator
    var options: SessionOptions
    /// Whom the config's lines meant when the run began.
    var people: PinnedPeople?
    /// The approver as the command line knows them.
    var asker: Approver?
    var basis: StoreBasis

    /// Whether every pair is decided, also those whose digest has not moved.
    let decidesAll: Bool
    var staging: Staging
    var groups: GroupStaging
    var attributes: AttributeFill
    /// Pairs that are in order and were not looked at.
    var skippedUnchanged = 0
    var skippedIgnored = 0
    var deniedClaims = 0
    /// Whether somebody's username came with an unknown anchor while their own entry is missing.
    var hasMovedAnchors = false
    /// The clock that decisions are made by; the run's own unless that cannot be trusted.
    var judgedAt: Instant
    /// Whether somebody waits for a name that a privileged user would give up.
    var hasWaitingClaims = false
    /// Whether claims are not those of the table.
    var hasLateClaims = false
    /// Whether applying them would give or take a name.
    var changesClaims = false
    /// Whether there are deleted users who claim nothing.
    var hasFreed = false
    /// Whether an application has ever removed the row of a linked user.
    var hasTombstones: Bool
    /// The clocks of this run, once the reading is settled.
    var clocks: ClockReading
    /// The attributes that a guard holds the plan for.
    private(set) var goneAttributes: [Text] = []
    /// What a person has approved of this run's plan.
    var approval = PlanApproval.nothing
    /// How many memberships a rule gave, of each permission group of which memberships end.
    var ruledHolders: [Text: Int] = [:]
    /// How many changes each guard let pass by themselves that would else have held each of them.
    var permitted: [GuardName: Int] = [:]
    /// Which group rules a person has approved something of.
    var pinApproval = PinApproval()
    /// What waits for a person, once that is known.
    var held: HeldChanges?
    /// Whether it waits because a guard holds all of it.
    var holdsWhole = false
    /// How it differs from the plan that waited before.
    var difference: HeldDifference?
    var permissionGroups: PermissionGroupIndex
    /// Whether the read transaction of a dry run is open.
    private var holdsRead = false
    /// Whether the transaction is open in which an applier writes.
    private var holdsWrite = false
    /// Whether accounts were changed since the staging compared with them, so that they are to be looked at again.
    var hasMovedUsers = false
    /// What the store was when the run began, but for accounts.
    private let fixed: FixedState
    let isDryRun: Bool
    /// How much of the directory the reading gave.
    var extent = ReadExtent.whole
    /// The events of this run in the audit log, once they are committed: its report is then made from them.
    var committedEvents: ClosedRange<Int64>?

    init(
        _ queue: DatabaseQueue, lock: ApplierLock?, exists: Bool, path: String, _ evaluator: Evaluator, _ options: SessionOptions
    ) throws(StoreError) {
        self.queue = queue
        self.lock = lock
        self.evaluator = evaluator
        self.options = options
        judgedAt = options.now
        clocks = ClockReading(wall: options.now, boot: options.boot)
        isDryRun = lock == nil
        guard let handle = queue.inDatabase({ $0.sqliteConnection }) else {
            throw StoreError(.database, subject: path, message: "the database is closed")
        }
        let connection = Connection(handle, subject: path)
        self.connection = connection
        try connection.execute(TemporaryTables.sql)
        if isDryRun, options.keepsOneState {
            try connection.execute("BEGIN")
            holdsRead = true
        }
        let basis = try StoreBasis(connection, exists: exists)
        self.basis = basis
        fixed = try FixedState(connection)
        self.basis.isOfEarlierVersion = exists && isDryRun && queue.path.isEmpty
        decidesAll = options.skipsNothing || !basis.isDecided(by: options.rulesDigest)
        hasTombstones = try connection.number("SELECT 1 FROM tombstones LIMIT 1") != nil
        staging = try Staging(connection, rules: evaluator.rules, at: options.now)
        groups = try GroupStaging(connection, rules: evaluator.rules)
        attributes = try AttributeFill(connection, layout: evaluator.layout)
        permissionGroups = try PermissionGroupIndex(connection, rules: evaluator.rules)
        try collectLateClaims()
        self.basis.protectedUsers = options.protectedUsers
        try meetPeople()
        staging.planner = Planner(rules: evaluator.rules, at: options.now, protecting: self.basis.protectedUsers)
    }

    /// From here on a dry run sees one state of the store; it must be the one that the staging compared with, but for accounts.
    func beginReading() throws(StoreError) {
        guard isDryRun, !holdsRead else { return }
        try connection.execute("BEGIN")
        holdsRead = true
        hasMovedUsers = try haveUsersMoved()
    }

    /// Whether accounts were changed since the session began, or since this was asked last.
    private func haveUsersMoved() throws(StoreError) -> Bool {
        guard try FixedState(connection) == fixed else {
            throw StoreError(
                .moved, subject: connection.subject,
                message: "another run was applied, or a permission group was changed, while the directory was being read")
        }
        let generation = try connection.number("SELECT generation FROM store_state") ?? 0
        defer { basis.generation = generation }
        return generation != basis.generation
    }

    func beginWriting(_ settlement: Settlement) throws(StoreError) -> Settlement? {
        try connection.execute("BEGIN IMMEDIATE")
        holdsWrite = true
        do {
            guard try haveUsersMoved() else { return nil }
            try lookAgain()
            try settleClaims()
            try noteUnasked()
            var settlement = settlement
            settlement.movedAnchors = try countMovedAnchors()
            return settlement
        } catch {
            cancelWriting()
            throw error
        }
    }

    func cancelWriting() {
        guard holdsWrite else { return }
        holdsWrite = false
        try? connection.execute("ROLLBACK")
    }

    /// Runs `body` in the transaction that ``beginWriting(_:)`` has begun, or in one of its own, and ends it.
    func writing<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        guard holdsWrite else { return try connection.transaction("BEGIN IMMEDIATE", body) }
        do {
            let result = try body()
            try connection.execute("COMMIT")
            holdsWrite = false
            return result
        } catch {
            cancelWriting()
            throw error
        }
    }

    /// Counts what the guards compare with, once, while the source is already at work.
    ///
    /// - Parameter again: whether it is counted although it was before.
    func countBaseline(again: Bool = false) throws(StoreError) {
        if isCounted, !again { return }
        isCounted = true
        basis.baseline.linkedActive = 0
        try basis.count(connection)
        basis.baseline.frozen = try HeldChangeList(connection).baselines()
    }

    /// Runs `body` in the transaction that is open, or in one of its own.
    func inOneTransaction<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        holdsRead || holdsWrite ? try body() : try connection.transaction("BEGIN", body)
    }

    func noteGone(_ attributes: [Text]) {
        goneAttributes = attributes
    }

    func close() {
        guard isOpen else { return }
        isOpen = false
        if holdsRead { try? connection.execute("ROLLBACK") }
        cancelWriting()
        if !isDryRun { try? connection.emptyLog() }
        try? queue.close()
        lock?.release()
    }
}
