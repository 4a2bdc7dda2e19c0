import RollcallCore

extension SettingsReader {
    mutating func store(_ node: ConfigNode?) -> StoreSettings? {
        guard let url = node?["url"], let text = url.text, !text.isEmpty else { return nil }
        let lowercased = text.lowercased()
        if lowercased.hasPrefix("postgresql:") || lowercased.hasPrefix("postgres:") {
            // A PostgreSQL URL may hold a password: it is not shown.
            problems.error(
                at: url.place, "`store.url`: PostgreSQL is not supported by this version", advice: "write sqlite:///absolute/path")
            return nil
        }
        guard lowercased.hasPrefix("sqlite:") else {
            problems.error(at: url.place, "`store.url` is not the URL of a store", advice: "write sqlite:///absolute/path")
            return nil
        }
        var path = text.dropFirst("sqlite:".utf8.count)
        if path.hasPrefix("//") {
            path = path.dropFirst(2)
            guard path.hasPrefix("/") else {
                problems.error(
                    at: url.place, "`store.url` names a host, and a database file has none",
                    advice: "write sqlite:///absolute/path with three slashes, or sqlite:path beside the config file")
                return nil
            }
        }
        guard !path.isEmpty, !path.hasSuffix("/") else {
            problems.error(at: url.place, "`store.url` names no file", advice: "write sqlite:///absolute/path")
            return nil
        }
        if let mark = path.first(where: { "?#%".contains($0) }) {
            problems.error(
                at: url.place, "`store.url`: the path may not hold `\(mark)`", advice: "parameters and encoded characters are not read")
            return nil
        }
        return StoreSettings(path: FilePath.resolve(String(path), in: folder))
    }
}
