import RollcallCore

extension SettingsReader {
    mutating func file(_ node: ConfigNode) -> FileSourceSettings? {
        let section = ConfigPath.root.key("source")
        let format = fileFormat(node["path"])
        let users = filter(node["users"]?["filter"], at: section.key("users").key("filter"))
        let groups = filter(node["groups"]?["filter"], at: section.key("groups").key("filter"))
        guard let path = path(node["path"]), let format else { return nil }
        if node["users"]?["filter"] != nil, users == nil { return nil }
        switch format {
        case .ldif:
            guard let users = users ?? (try? Filter(parsing: FlavorDefaults.userFilter)) else { return nil }
            return FileSourceSettings(
                path: path, format: format, users: users, groups: groups ?? (try? Filter(parsing: FlavorDefaults.groupFilter)))
        case .csv:
            if let entry = node.entry("groups"), node["groups"]?["filter"] == nil, !entry.value.entries.isEmpty {
                problems.error(at: entry.place, "`source.groups` of a CSV file lacks the key `filter`", advice: "say which rows are groups")
            }
            // Every row, until the anchor is known.
            return FileSourceSettings(path: path, format: format, users: users ?? .and([]), groups: groups)
        }
    }

    private mutating func fileFormat(_ node: ConfigNode?) -> FileSourceSettings.Format? {
        guard let node, let path = node.text, !path.isEmpty else { return nil }
        if let format = FilePath.format(of: path) { return format }
        problems.error(
            at: node.place, "`source.path`: the name does not tell the format", advice: "it must end in .ldif, .csv, .json or .ndjson")
        return nil
    }
}

extension SourceSettings {
    /// The source with "every row" made exact: every row that has `anchor`.
    func withPresence(of anchor: AttributeName) -> SourceSettings {
        guard case .file(var file) = self, file.users == .and([]) else { return self }
        file.users = .presence(anchor)
        return .file(file)
    }
}
