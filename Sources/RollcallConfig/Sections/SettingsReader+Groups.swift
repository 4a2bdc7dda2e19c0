import RollcallCore

extension SettingsReader {
    mutating func groupRules(_ node: ConfigNode?, source: ConfigNode?, kind: SourceKind) -> [GroupRule] {
        var rules: [GroupRule] = []
        var numbers: [GroupRuleKey: Int] = [:]
        for (index, item) in (node?.items ?? []).enumerated() {
            let path = ConfigPath.item("group rule", number: index + 1)
            let selected = selector(item, at: path)
            let grant = grant(item["grant"], for: selected?.selector, at: path.key("grant"))
            guard let (selector, place, text) = selected, let grant else { continue }
            let key = GroupRuleKey(selector: selector, grant: grant)
            if let first = numbers[key] {
                problems.error(
                    at: place, "\(path.subject) says the same as group rule \(first)", advice: "remove one of them")
                continue
            }
            numbers[key] = index + 1
            rules.append(GroupRule(selector: selector, grant: grant, text: text))
        }
        checkGroupsAreRead(node, source: source, kind: kind)
        return rules
    }

    /// Rules about groups decide nothing when no groups are read.
    private mutating func checkGroupsAreRead(_ node: ConfigNode?, source: ConfigNode?, kind: SourceKind) {
        guard let node, !node.items.isEmpty, source?["groups"] == nil else { return }
        switch kind {
        case .ldap:
            problems.error(
                at: node.place, "group rules can never match, because `source.groups` is missing", advice: "add groups: {base: …} to source"
            )
        case .file(.csv):
            problems.error(
                at: node.place, "group rules can never match, because `source.groups` is missing",
                advice: "add groups: {filter: …} to source, to say which rows are groups")
        case .file(.ldif), .scim, .resources, .unknown: break
        }
    }

    private mutating func selector(_ item: ConfigNode, at path: ConfigPath) -> (selector: GroupRule.Selector, place: Place, text: String)? {
        if let from = item["from"] {
            guard let text = from.text, !text.isEmpty else { return nil }
            return upstreamGroup(text, from, at: path.key("from")).map { ($0, from.place, text) }
        }
        guard let match = item["match"], let text = match.text, !text.isEmpty else { return nil }
        do throws(PatternSyntaxError) {
            return (.pattern(try LinearPattern(text)), match.place, text)
        } catch {
            problems.error(
                at: match.place(atScalar: error.offset), "\(path.key("match").subject) is not a regular expression: \(error.message)")
            return nil
        }
    }

    /// What `from` names: of a SCIM source, what begins with `/Groups/` is an id, and so is a UUID, and all else is a name. Else a UUID, an
    /// nsUniqueId and `0x` with hexadecimal digits are an immutable id, what holds `=` a DN, anything else a name.
    private mutating func upstreamGroup(_ text: String, _ node: ConfigNode, at path: ConfigPath) -> GroupRule.Selector? {
        if speaksScim { return .ofResource(text) }
        if Anchor.isForm(text.utf8) { return .anchor(Anchor(Array(text.lowercased().utf8))) }
        if let anchor = AnchorText.hexadecimal(text) { return .anchor(anchor) }
        guard text.contains("=") else { return .name(FoldedKey(Text(text))) }
        do throws(DistinguishedNameError) {
            return .dn(try DistinguishedName(parsing: text).normalized)
        } catch {
            problems.error(
                at: node.place(atByte: error.offset), "\(path.subject) is not a DN: \(error.reason)",
                advice: "a group whose name holds `=` is named by its DN or its immutable id")
            return nil
        }
    }

    private mutating func grant(_ node: ConfigNode?, for selector: GroupRule.Selector?, at path: ConfigPath) -> PatternTemplate? {
        guard let node, let text = node.text, !text.isEmpty else { return nil }
        do throws(PatternSyntaxError) {
            let template = try PatternTemplate(text)
            if let fixed = template.fixedText, FoldedKey(fixed).isEmpty {
                problems.error(at: node.place, "\(path.subject) is blank", advice: "name the permission group")
                return nil
            }
            guard let selector, let problem = captureProblem(of: template, with: selector) else { return template }
            problems.error(at: node.place, "\(path.subject) \(problem.message)", advice: problem.advice)
        } catch {
            problems.error(at: node.place(atScalar: error.offset), "\(path.subject): \(error.message)")
        }
        return nil
    }

    private func captureProblem(of template: PatternTemplate, with selector: GroupRule.Selector) -> (message: String, advice: String)? {
        guard case .pattern(let pattern) = selector else {
            guard let name = template.names.first else { return nil }
            return ("uses {\(name)}, but a `from` rule captures nothing", "use `match` with (?<\(name)>…), or write {{ for a brace")
        }
        guard let name = template.namesMissing(in: pattern).first else { return nil }
        let known = pattern.captureNames.map { "{\($0)}" }.joined(separator: ", ")
        if let near = NearestKey.nearest(to: name, among: pattern.captureNames) {
            return ("uses {\(name)}, which the expression does not capture", "did you mean {\(near)}?")
        }
        let advice = known.isEmpty ? "write (?<\(name)>…) in the expression" : "it captures \(known)"
        return ("uses {\(name)}, which the expression does not capture", advice)
    }
}

extension GroupRule.Selector {
    /// The group that a text names among SCIM resources. Ids keep their letter case there (RFC 7643 section 3.1), and so does the text.
    fileprivate static func ofResource(_ text: String) -> GroupRule.Selector {
        if text.hasPrefix("/Groups/") { return .anchor(Anchor(text.utf8.dropFirst(8))) }
        return Anchor.isForm(text.utf8) ? .anchor(Anchor(text.utf8)) : .name(FoldedKey(Text(text)))
    }
}

/// What makes two group rules the same.
private struct GroupRuleKey: Hashable {
    let selector: GroupRule.Selector
    let grant: PatternTemplate
}

/// The text forms of immutable ids.
enum AnchorText {
    /// The id that `0x` and hexadecimal digits stand for, which is how reports show an id that is no text; `nil` for other text. A few
    /// digits may be a name.
    static func hexadecimal(_ text: String) -> Anchor? {
        guard text.hasPrefix("0x"), text.utf8.count >= 18 else { return nil }
        return Hexadecimal.bytes(text.utf8.dropFirst(2)).map { Anchor($0) }
    }
}
