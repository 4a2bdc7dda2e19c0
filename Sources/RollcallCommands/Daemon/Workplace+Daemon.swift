internal import RollcallConfig
internal import RollcallCore
internal import RollcallReport
internal import RollcallSQLite

extension Workplace {
    /// What a config that was just read gives, for a daemon that goes on if there is something wrong with it.
    init(_ settings: Settings, _ warnings: [Finding], path: String) {
        self.settings = settings
        self.warnings = warnings
        configPath = path
        hints = CommandHints(configPath: path == ConfigFile.standardPath ? nil : path, planPath: nil)
        source = Workplace.source(of: settings)
    }

    /// The store as the daemon writes to it; it never makes one.
    var daemonStore: SQLiteStore { store(for: "run") }
}
