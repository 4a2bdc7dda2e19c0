import RollcallCore

extension Run {
    /// Proves that the plan file that is to be applied still stands: for this store, in time, and for the first time.
    ///
    /// - Throws: ``RunFailure`` when it is stale.
    func checkSavedPlan(_ session: any StoreSession) throws {
        guard let plan = request.savedPlan else { return }
        let obstacle = plan.obstacle(
            in: try session.state(of: plan), at: environment.clock(), limit: environment.guards.approvalTTL)
        if let obstacle { throw RunFailure.stale("\(obstacle); make a new one with `rollcall plan --out`") }
    }
}
