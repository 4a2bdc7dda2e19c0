public import RollcallCore

/// What a report says beside the run's record and its rows.
public struct ReportContext: Sendable {
    /// The head of the audit log after the run, in hexadecimal digits; `nil` when nothing was recorded.
    public var auditHead: String?
    /// The number of events in the audit log after the run.
    public var auditCount: Int?
    /// Warnings about the run as a whole, in the order in which they are shown.
    public var warnings: [Remark]
    /// Whether names were replaced by pseudonyms, which the report then says: see ``Redaction``.
    public var isRedacted = false
    /// How many changes were left out because the approver has seen them; `nil` when all are there.
    public var seen: Int?
    /// How a person calls Rollcall again.
    public var hints: CommandHints

    public init(
        auditHead: String? = nil, auditCount: Int? = nil, warnings: [Remark] = [], hints: CommandHints = CommandHints()
    ) {
        self.auditHead = auditHead
        self.auditCount = auditCount
        self.warnings = warnings
        self.hints = hints
    }
}

/// How the commands that a report suggests are written, so that they can be pasted into a POSIX shell.
public struct CommandHints: Hashable, Sendable {
    /// The program as it was called.
    public var program: String
    /// The value of `--config`; `nil` for the default, which a suggestion leaves out.
    public var configPath: String?
    /// Where this very plan was saved; `nil` when it was not, and then the suggestion starts with saving one.
    public var planPath: String?

    public init(program: String = "rollcall", configPath: String? = nil, planPath: String? = nil) {
        self.program = program
        self.configPath = configPath
        self.planPath = planPath
    }

    /// A command line: the program, its subcommand, its words, and `--config` when it is not the default.
    public func command(_ name: String, _ words: String...) -> String {
        var line = [program, name] + words
        if let configPath { line += ["--config", configPath] }
        return line.map(\.shellQuoted).joined(separator: " ")
    }

    /// The commands that review a plan and let what it holds pass.
    ///
    /// - Parameter heldPlan: the name under which it is filed; `nil` when it is not.
    func approval(of heldPlan: HeldPlanID?) -> [String] {
        if let heldPlan { return [command("plans", heldPlan.description), command("approve", heldPlan.description)] }
        if let planPath { return [command("apply", planPath, "--approve")] }
        return [command("plan", "--out", "plan.json"), command("apply", "plan.json", "--approve")]
    }
}
