internal import RollcallCore
internal import RollcallSQLite

extension Workplace {
    /// The store, for one command that writes to it.
    func store(for command: String, patience: Span? = nil) -> SQLiteStore {
        SQLiteStore(path: settings.store.path, holder: Workplace.holder(of: command), patience: patience ?? self.patience)
    }

    /// Why a plan file cannot be applied where there is no store; `nil` when it can, and makes one.
    func obstacle(to plan: SavedPlan) -> String? {
        plan.obstacle(in: SavedPlanState(), at: Workplace.now, limit: settings.guards.approvalTTL)
    }

    /// Ends the command when there is no store.
    func requireStore() throws {
        try orFail {
            if let missing = store(for: "").missing { throw missing }
        }
    }

    /// Why there is no store where the config says; `nil` when there is a file, whatever it is, or it cannot be told.
    var missingStore: StoreError? {
        guard let missing = store(for: "").missing, missing.code == .missing else { return nil }
        return missing
    }

    /// Says that a plan is made for an empty store because there is none.
    func warnOfMissingStore() {
        guard missingStore != nil else { return }
        Terminal.say(
            "there is no store at \(settings.store.path) yet; this is planned as for an empty one. "
                + "`\(hints.command("store", "create"))` makes it, and so does `apply` with the file of `plan --out`")
    }
}
