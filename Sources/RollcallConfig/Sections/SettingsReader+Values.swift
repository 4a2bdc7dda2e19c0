import RollcallCore

// One value each; `nil` for a missing one, and for a wrong one after saying so.
extension SettingsReader {
    /// A filter of RFC 4515.
    mutating func filter(_ node: ConfigNode?, at path: ConfigPath) -> Filter? {
        guard let node, let text = node.text, !text.isEmpty else { return nil }
        do throws(FilterSyntaxError) {
            return try Filter(parsing: text)
        } catch {
            problems.error(at: node.place(atByte: error.offset), "\(path.subject) is not a filter: \(error.message)")
            return nil
        }
    }

    /// A filter of RFC 7644.
    mutating func scimFilter(_ node: ConfigNode?, at path: ConfigPath) -> ScimFilter? {
        guard let node, let text = node.text, !text.isEmpty else { return nil }
        do throws(ScimSyntaxError) {
            return try ScimFilter(parsing: text)
        } catch {
            problems.error(at: node.place(atByte: error.offset), "\(path.subject) is not a SCIM filter: \(error.message)")
            return nil
        }
    }

    /// A filter in the language of the source.
    ///
    /// - Parameter states: Which absent attributes leave the answer open; only filters of RFC 7644 are asked so.
    mutating func condition(_ node: ConfigNode?, at path: ConfigPath, states: ScimCondition.States) -> Condition? {
        speaksScim
            ? scimFilter(node, at: path).map { .scim(ScimCondition($0, states: states)) } : filter(node, at: path).map(Condition.ldap)
    }

    /// A list of filters, each of which must say something that no earlier one does.
    mutating func conditions(_ node: ConfigNode?, at path: ConfigPath) -> [Condition] {
        var conditions: [Condition] = []
        for item in node?.items ?? [] {
            guard let condition = condition(item, at: path, states: .none) else { continue }
            if conditions.contains(condition) {
                problems.error(at: item.place, "\(path.subject) names the same filter twice", advice: "remove one of them")
            }
            conditions.append(condition)
        }
        return conditions
    }

    /// The name of an attribute.
    mutating func attribute(_ node: ConfigNode?, at path: ConfigPath) -> AttributeName? {
        guard let node, let text = node.text, !text.isEmpty else { return nil }
        if speaksScim {
            do throws(ScimSyntaxError) {
                return AttributeName(try ScimPath(parsing: text))
            } catch {
                problems.error(
                    at: node.place(atByte: error.offset), "\(path.subject): \(Quoted(text)) is not an attribute path: \(error.message)")
                return nil
            }
        }
        if let name = AttributeName(text) { return name }
        problems.error(
            at: node.place, "\(path.subject): \(Quoted(text)) is not the name of an attribute",
            advice: "letters, digits and `-`, as in givenName")
        return nil
    }

    /// A DN, kept as it was written.
    mutating func distinguishedName(_ node: ConfigNode?, at path: ConfigPath) -> String? {
        guard let node, let text = node.text else { return nil }
        do throws(DistinguishedNameError) {
            _ = try DistinguishedName(parsing: text)
            return text
        } catch {
            problems.error(at: node.place(atByte: error.offset), "\(path.subject) is not a DN: \(error.reason)")
            return nil
        }
    }

    /// A length of time, at least a second.
    mutating func span(_ node: ConfigNode?, at path: ConfigPath) -> Span? {
        guard let node, case .scalar(let scalar) = node.content, scalar.kind == "text", !scalar.text.isEmpty else { return nil }
        guard let span = Span(scalar.text) else {
            problems.error(
                at: node.place, "\(path.subject): \(Quoted(scalar.text)) is not a duration",
                advice: "write digits and one of s, m, h, d or w, as in 15m; at most 100 years")
            return nil
        }
        if span == .zero {
            problems.error(at: node.place, "\(path.subject) is 0; it must be at least 1s")
            return nil
        }
        return span
    }

    /// The path of a file; a relative one begins at the config file's folder.
    func path(_ node: ConfigNode?) -> String? {
        node?.text.flatMap { $0.isEmpty ? nil : FilePath.resolve($0, in: folder) }
    }
}
