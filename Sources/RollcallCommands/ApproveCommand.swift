internal import ArgumentParser
internal import RollcallCore
internal import RollcallEngine
internal import RollcallReport

struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Lets the changes of a held plan pass, and applies.",
        discussion: """
            Reads the directory afresh. Of what the plan names, that which is still to do passes every guard; what is no longer \
            to do drops out; what is new is judged as in any run. When an approved change would now do something else, when the \
            config's rules are others, or when the plan is too old, nothing is changed.

            Exit status: as `apply`; 1 when the plan is stale.
            """)

    @OptionGroup var config: ConfigOption
    @OptionGroup var report: ReportOptions
    @OptionGroup var wait: WaitOption
    @Argument(help: ArgumentHelp("The plan, as `plans` and the report of the run that held it name it.", valueName: "plan"))
    var id: HeldPlanArgument

    func run() async throws {
        var workplace = try Workplace(config)
        workplace.patience = wait.span
        try await workplace.apply(.filed(id.id), command: "approve", by: try workplace.approver(), report)
    }
}
