internal import ArgumentParser
internal import Glibc
internal import RollcallCore
internal import RollcallSQLite

struct RejectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Says no to a held plan: its changes stay held, and it is listed as rejected.",
        discussion: """
            When the directory asks for other changes, those are filed as another plan. `approve` takes a rejection back.
            """)

    @OptionGroup var config: ConfigOption
    @OptionGroup var wait: WaitOption
    @Argument(help: ArgumentHelp("The plan, as `plans` names it.", valueName: "plan"))
    var id: HeldPlanArgument

    func run() throws {
        let workplace = try Workplace(config)
        let store = workplace.store(for: "reject", patience: wait.span)
        let approver = try workplace.approver()
        do {
            let plan = try store.reject(id.id, by: approver.name, at: Workplace.now)
            let stay = plan.changes == 1 ? "change stays" : "changes stay"
            print("Rejected: plan \(plan.id); its \(plan.changes) \(stay) held. `rollcall approve \(plan.id)` takes that back.")
        } catch {
            Terminal.say("\(error)")
            throw ExitStatus(error).exit
        }
    }
}
