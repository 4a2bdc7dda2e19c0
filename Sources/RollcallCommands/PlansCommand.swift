internal import ArgumentParser
internal import RollcallCore
internal import RollcallReport
internal import RollcallSQLite

struct PlansCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plans", abstract: "Lists what is held and waits for a person, or shows one held plan.",
        discussion: "A run that holds something files it here. `approve` lets its changes pass, `reject` says no to them.")

    @OptionGroup var config: ConfigOption
    @OptionGroup var report: ReportOptions
    @Flag(help: "List those too that were approved, superseded or came to nothing.")
    var all = false
    @Argument(help: ArgumentHelp("The plan to show: the report of the run that held it last.", valueName: "plan"))
    var id: HeldPlanArgument?

    func run() throws {
        let workplace = try Workplace(config)
        let reader = try workplace.reader()
        try orFail {
            if let id { return try show(id.id, workplace, reader) }
            let list = HeldPlanList(try reader.heldPlans(all: all))
            try list.table.show(report.format.format) { try list.rows($0) }
        }
    }

    private func show(_ id: HeldPlanID, _ workplace: Workplace, _ reader: StoreReader) throws {
        let (plan, kept) = try reader.filed(id)
        if plan.state != .open { Terminal.say("plan \(id) is \(plan.state.rawValue)") }
        try workplace.show(kept.record, rows: kept, head: try kept.auditHead(), report)
    }
}

/// The name of a held plan on the command line.
struct HeldPlanArgument: ExpressibleByArgument {
    let id: HeldPlanID

    init?(argument: String) {
        guard let id = HeldPlanID(argument) else { return nil }
        self.id = id
    }
}
