internal import RollcallCore
internal import RollcallSQLite

extension StoreReader {
    /// A held plan and the run that filed it; says that there is no such plan and ends the command otherwise.
    func filed(_ id: HeldPlanID) throws -> (plan: HeldPlan, run: KeptRun) {
        guard let plan = try heldPlan(id), let run = try run(plan.run.description) else {
            Terminal.say("no held plan is called \(id); `rollcall plans` lists them")
            throw ExitStatus.failed.exit
        }
        return (plan, run)
    }
}
