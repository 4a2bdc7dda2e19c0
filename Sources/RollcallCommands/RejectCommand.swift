internal import ArgumentParser
internal import Glibc
internal import RollcallCore
internal import RollcallSQLite

struct RejectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Says no to a held plan: its changes stay held, and it is listed as rejected.",
        discussion: """
            Each of the changes stays held in every later plan. When the directory asks for other changes, those are filed as another \
            plan. `approve` takes a rejection back.
            """)

    @OptionGroup var config: ConfigOption
    @OptionGroup var wait: WaitOption
    @OptionGroup var selection: SelectionOptions
    @Argument(help: ArgumentHelp("The plan, as `plans` names it.", valueName: "plan"))
    var id: HeldPlanArgument

    func run() throws {
        let workplace = try Workplace(config)
        let store = workplace.store(for: "reject", patience: wait.span)
        let approver = try workplace.approver()
        try orFail {
            let selected = try selected(workplace)
            let plan = try store.reject(id.id, selected, by: approver.name, at: Workplace.now)
            let stay = plan.changes == 1 ? "change stays" : "changes stay"
            print(
                selected.isAll
                    ? "Rejected: plan \(plan.id); its \(plan.changes) \(stay) held. `rollcall approve \(plan.id)` takes that back."
                    : "Rejected: the selected changes of plan \(plan.id) stay held. `rollcall approve` with --only takes that back.")
        }
    }

    /// What is rejected of the plan; all of it when the options name nothing.
    private func selected(_ workplace: Workplace) throws -> ChangeSelection {
        try selection.selection(among: try workplace.reader().filed(id.id).run)
    }
}
