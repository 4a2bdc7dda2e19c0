internal import RollcallCore

/// One deed against an open database: what it comes to and, when it is to be done, its writes, step by step together.
///
/// Connections write with triggers off, so what others' writes set off is done here: whoever is touched is looked at by the next run, and
/// the store's generation moves.
struct Administration {
    let connection: Connection
    var request: DeedRequest
    let now: Instant
    /// Whether it is done, rather than looked at.
    let writes: Bool
    let planner: Planner
    /// Why it cannot be told which accounts are the actor's own; `nil` when it can.
    let obstacle: String?

    init(_ connection: Connection, _ request: DeedRequest, at now: Instant, writes: Bool) throws(StoreError) {
        let people = try PinnedPeople(connection, request.operators, request.rules.protection, request.approver) {
            (name) throws(StoreError) in try AccountPins(connection).holder(of: name)
        }
        self.connection = connection
        self.request = request
        if let approver = people.approver { self.request.approver = approver }
        obstacle = people.obstacle
        self.now = now
        self.writes = writes
        planner = Planner(rules: request.rules, at: now, protecting: Set(people.protected))
    }

    /// What the deed comes to.
    func plan() throws(StoreError) -> DeedPlan {
        switch request.deed {
        case .pause(let reason): try pause(reason)
        case .resume: try resume()
        case .acceptSource(let server, let watermark, let clock): try acceptSource(server, watermark, clock)
        case .reanchor(let moves): try reanchor(moves)
        case .acknowledge(let selection): try acknowledge(selection)
        case .withdraw(let selection): try withdraw(selection)
        case .hold(let user): try hold(user)
        case .release(let user): try release(user)
        case .restore(let name): try restore(name)
        case .link(let requests): try link(requests)
        case .unlink(let user): try unlink(user)
        case .repin(let standings): try repin(standings)
        case .claimNames: try claimNames()
        }
    }

    /// A plan of one operation.
    func doing(_ subject: Text, _ detail: String) -> DeedPlan {
        DeedPlan(operations: [operation(subject, detail)])
    }

    func operation(_ subject: Text, _ detail: String) -> Operation {
        Operation(actor: request.approver.name, verb: request.deed.verb, subject: subject, detail: Text(detail))
    }

    func refusal(_ subject: Text, _ message: String, advice: String = "") -> StoreError {
        StoreError(.refused, subject: DisplayEscaping.escapedForTerminal(subject), message: message, advice: advice)
    }

    /// Runs a statement when the deed is to be done.
    func write(_ sql: String, _ bind: (Statement) -> Void = { _ in }) throws(StoreError) {
        guard writes else { return }
        let statement = try connection.prepare(sql)
        bind(statement)
        try statement.run()
    }

    /// Makes a plan that is being made stale: accounts, grants or links have moved.
    func moveGeneration() throws(StoreError) {
        try write("UPDATE store_state SET generation = generation + 1")
    }

    /// Lets the next run look at the pair of a user although nothing moved upstream; what runs did to the status is no longer theirs.
    func takeOver(_ user: Int64) throws(StoreError) {
        try write("UPDATE entries SET attention = 1, deleted_at = NULL, invited = 0 WHERE user_id = ?1") { $0.bind(1, user) }
    }
}
