internal import ArgumentParser
internal import RollcallCore
internal import RollcallEngine
internal import RollcallReport

struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Lets the changes of a held plan pass, and applies.",
        discussion: """
            Shows what the plan does and what it takes away, and asks for the number of changes, and of the accounts that lose access \
            by them. A script gives the numbers, or the plan's whole digest in the place of its name.

            Reads the directory afresh. Of what the plan names, that which is still to do passes every guard; what is no longer \
            to do drops out; what is new is judged as in any run. When an approved change would now do something else, when the \
            config's rules are others, when the plan is too old, or when a guard holds what it did not hold when the plan was \
            filed, nothing is changed.

            Exit status: as `apply`; 1 when the plan is stale.
            """)

    @OptionGroup var config: ConfigOption
    @OptionGroup var report: ReportOptions
    @OptionGroup var wait: WaitOption
    @OptionGroup var approval: ApprovalOptions
    @OptionGroup var selection: SelectionOptions
    @Argument(help: ArgumentHelp("The plan, as `plans` and the report of the run that held it name it.", valueName: "plan"))
    var id: HeldPlanArgument

    func run() async throws {
        var workplace = try Workplace(config)
        workplace.patience = wait.span
        try workplace.checkOutputs(of: report)
        let approver = try workplace.approver()
        let (plan, selection) = try reviewed(workplace)
        try await workplace.apply(.filed(plan, selection), command: "approve", by: approver, accepting: approval.accepts, report)
    }

    /// The plan and what is approved of it, once the approver has said how much that is.
    private func reviewed(_ workplace: Workplace) throws -> (HeldPlan, ChangeSelection) {
        let reader = try workplace.reader()
        return try orFail {
            let (plan, run) = try reader.filed(id.id)
            let selection = try selection.selection(among: run)
            // What cannot be approved is refused by the run, which says why.
            guard plan.state == .open || plan.state == .rejected, let digest = plan.digest,
                digest != id.id.digest || approval.expectsNumbers
            else {
                return (plan, selection)
            }
            let meant = ReviewedChanges(of: plan, filedBy: run.record, rejected: try reader.rejectedChanges(), selection)
            let question = try ApprovalQuestion("plan \(plan.id)", among: run, isRejected: meant.isRejected) { meant.changes(of: $0) }
            Terminal.say("held because: \(plan.reason)")
            if Terminal.canAsk, approval.changes == nil {
                try workplace.show(run.record, rows: run, head: try run.auditHead(), report.withoutFiles, as: .text)
            }
            try question.confirm(approval)
            return (plan, selection)
        }
    }
}
