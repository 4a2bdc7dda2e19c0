import RollcallCore

extension SettingsReader {
    /// The mapping; `nil` when it has no usable anchor or username.
    mutating func attributes(_ root: ConfigNode, kind: SourceKind) -> AttributeMapping? {
        let node = root["attributes"]
        let path = ConfigPath.root.key("attributes")
        let isCSV = kind == .file(.csv)
        if isCSV, node?["anchor"] == nil {
            problems.error(
                at: root.entry("attributes")?.place ?? root.place, "`attributes.anchor` must be named for a CSV file",
                advice: "the column whose value never changes for one person, such as an employee number")
        }
        let standard = speaksScim ? StandardFields.resources : isCSV ? .table : .people
        let anchor = node?["anchor"] == nil ? standard.anchor : attribute(node?["anchor"], at: path.key("anchor"))
        if kind == .scim, let entry = node?.entry("anchor"), let anchor, anchor != .id {
            problems.error(
                at: entry.value.place, "`attributes.anchor` of a SCIM source is `id`, by which users are looked up",
                advice: "leave it out")
        }
        let username = field(node?["username"], at: path.key("username"), standard: standard.username)
        let email = field(node?["email"], at: path.key("email"), standard: standard.email)
        let givenName = field(node?["given_name"], at: path.key("given_name"), standard: standard.givenName)
        let familyName = field(node?["family_name"], at: path.key("family_name"), standard: standard.familyName)
        let displayName = field(node?["display_name"], at: path.key("display_name"), standard: standard.displayName)
        let extra = extraFields(node?["extra"], at: path.key("extra"))
        guard let anchor, let username else { return nil }

        var mapping = AttributeMapping(anchor: anchor, username: username)
        mapping.email = email
        mapping.givenName = givenName
        mapping.familyName = familyName
        mapping.displayName = displayName
        mapping.extra = extra
        return mapping
    }

    /// A field's source: what is written, nothing for `~`, the standard when the key is left out.
    private mutating func field(_ node: ConfigNode?, at path: ConfigPath, standard: [String]) -> FieldSource? {
        let alternatives: [FieldSource.Alternative]
        if let node {
            alternatives = node.items.compactMap { alternative($0, at: path) }
            if Set(alternatives).count < alternatives.count {
                problems.error(
                    at: node.place, "\(path.subject) names the same attribute twice",
                    advice: "the first that has a value counts; remove the second")
            }
        } else {
            alternatives = standard.compactMap { name in
                let attribute = speaksScim ? (try? ScimPath(parsing: name)).map { AttributeName($0) } : AttributeName(name)
                return attribute.map(FieldSource.Alternative.attribute)
            }
        }
        return alternatives.isEmpty ? nil : FieldSource(alternatives)
    }

    private mutating func alternative(_ node: ConfigNode, at path: ConfigPath) -> FieldSource.Alternative? {
        guard let text = node.text, !text.isEmpty else { return nil }
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") }) else {
            return attribute(node, at: path).map(FieldSource.Alternative.attribute)
        }
        do throws(FieldTemplate.Problem) {
            return .template(try FieldTemplate(text, speaksScim: speaksScim).pieces)
        } catch {
            problems.error(at: node.place(atByte: error.offset), "\(path.subject): \(error.message)", advice: error.advice)
            return nil
        }
    }

    private mutating func extraFields(_ node: ConfigNode?, at path: ConfigPath) -> [ExtraField] {
        var fields: [ExtraField] = []
        var first: [FoldedKey: ConfigEntry] = [:]
        for entry in node?.entries ?? [] {
            let own = ConfigKeys.attributes.keys.map(\.name).filter { $0 != "extra" }
            if own.contains(entry.key) {
                problems.error(
                    at: entry.place, "\(Quoted(entry.key)) is a field of its own, not an extra one", advice: "write it under attributes")
            }
            if let earlier = first[FoldedKey(Text(entry.key))] {
                problems.error(
                    at: entry.place,
                    "extra field \(Quoted(entry.key)) stands twice: \(Quoted(earlier.key)) on line \(earlier.place.line) is the same name",
                    advice: "keep one of them")
            }
            first[FoldedKey(Text(entry.key))] = entry
            if let source = field(entry.value, at: path.key(entry.key), standard: []) {
                fields.append(ExtraField(name: Text(entry.key), source: source))
            }
        }
        return fields.sorted { $0.name < $1.name }
    }
}

/// The source attributes of the local fields, when config does not name them.
private struct StandardFields {
    var anchor: AttributeName?
    var username: [String] = ["uid"]
    var email: [String] = []
    var givenName: [String] = []
    var familyName: [String] = []
    var displayName: [String] = []

    /// LDAP and LDIF: inetOrgPerson, RFC 2798.
    static var people: StandardFields {
        StandardFields(
            anchor: AttributeName("entryUUID"), email: ["mail"], givenName: ["givenName"], familyName: ["sn"],
            displayName: ["displayName", "cn"])
    }

    /// SCIM and JSON, RFC 7643 section 4.1.
    static var resources: StandardFields {
        StandardFields(
            anchor: .id, username: ["userName"], email: ["emails"], givenName: ["name.givenName"], familyName: ["name.familyName"],
            displayName: ["displayName", "name.formatted"])
    }

    /// CSV, whose columns have names of their own.
    static let table = StandardFields()
}
