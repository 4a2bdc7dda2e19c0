import RollcallCore

extension SettingsReader {
    /// The tests of the config, one for each user at most.
    mutating func expectations(_ node: ConfigNode?) -> [Expectation] {
        var expectations: [Expectation] = []
        var numbers: [FoldedKey: Int] = [:]
        for (index, item) in (node?.items ?? []).enumerated() {
            let path = ConfigPath.item("expectation", number: index + 1)
            guard let outcome = expectedOutcome(item, at: path), let name = username(item["user"], at: path.key("user")) else { continue }
            let expectation = Expectation(user: name, outcome)
            if let first = numbers[expectation.key] {
                problems.error(
                    at: item.entry("user")?.place ?? item.place, "\(path.subject) is about the same user as expectation \(first)",
                    advice: "letter case does not tell users apart; make one of both")
                continue
            }
            numbers[expectation.key] = index + 1
            expectations.append(expectation)
        }
        return expectations
    }

    private mutating func username(_ node: ConfigNode?, at path: ConfigPath) -> Text? {
        guard let node, let text = node.text, !text.isEmpty else { return nil }
        return Text(text)
    }

    private mutating func expectedOutcome(_ item: ConfigNode, at path: ConfigPath) -> Expectation.Outcome? {
        guard case .section = item.content else { return nil }
        if let absent = item.entry("absent") {
            guard let other = item.entry("status") ?? item.entry("groups") else { return .absent }
            problems.error(
                at: max(absent.place, other.place), "\(path.subject) has both `absent` and `\(other.key)`",
                advice: "nobody who is absent has a status or a group; keep one of them")
            return nil
        }
        guard item["status"] != nil || item["groups"] != nil else {
            // A key that is not known was probably meant as one of these.
            if item.entries.allSatisfy({ $0.key == "user" }) {
                problems.error(at: item.place, "\(path.subject) expects nothing", advice: "write status, groups or absent: true")
            }
            return nil
        }
        return .present(
            status: item["status"]?.text.flatMap(UserStatus.init),
            groups: (item["groups"]?.items ?? []).compactMap { $0.text.map { Text($0) } })
    }
}
