import RollcallCore

extension SettingsReader {
    mutating func daemon(_ node: ConfigNode?) -> DaemonSettings {
        var daemon = DaemonSettings()
        let path = ConfigPath.root.key("daemon")
        if let interval = span(node?["interval"], at: path.key("interval")) { daemon.interval = interval }
        if let every = span(node?["full_every"], at: path.key("full_every")) { daemon.fullEvery = every }
        return daemon
    }
}
