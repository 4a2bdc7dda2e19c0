import RollcallCore

/// Reads a tree of the right shape into ``Settings``, section by section.
///
/// Every value is read even when another one is wrong, so that all problems come at once. What ``ShapeCheck`` has complained about
/// is passed over in silence here.
struct SettingsReader {
    var problems = Problems()
    /// Whether filters and attributes are those of RFC 7644 rather than those of RFC 4515.
    var speaksScim = false
    /// The folder that relative paths begin at.
    let folder: String

    init(folder: String) {
        self.folder = folder
    }

    /// The settings; `nil` when something that they need is wrong or missing.
    mutating func settings(from root: ConfigNode) -> Settings? {
        let kind = SourceKind(root["source"])
        speaksScim = kind == .scim || kind == .resources
        let source = source(root["source"], kind: kind)
        let store = store(root["store"])
        let guards = guards(root["guards"])
        let attributes = attributes(root, kind: kind)
        let status = statusRules(root["status"], kind: kind)
        let ignore = conditions(root["source"]?["users"]?["ignore"], at: .root.key("source").key("users").key("ignore"))
        let groups = groupRules(root["groups"], source: root["source"], kind: kind)
        let permissionGroups = permissionGroups(root["permission_groups"])
        let protection = protection(root["protect"])
        let lifecycle = lifecycle(root["lifecycle"], join: root["join"])
        let expectations = expectations(root["expect"])
        let daemon = daemon(root["daemon"])
        guard let attributes else { return nil }

        var rules = RuleSettings(attributes: attributes)
        rules.status = status
        rules.ignore = ignore
        rules.groups = groups
        rules.permissionGroups = permissionGroups
        rules.protection = protection
        rules.lifecycle = lifecycle
        rules.lifecycle.reusesIdentifiers = root["store"]?["reuse_identifiers"]?.flag ?? false
        rules.policy = root["policy"]?.text.flatMap(Policy.init) ?? .full
        if speaksScim { rules.groupAttributes = .ofResources }
        rules.nestedGroups = root["source"]?["groups"]?["nested"]?.flag ?? true
        checkNumberOfAttributes(rules, in: root)

        guard let source, let store else { return nil }
        var settings = Settings(source: source.withPresence(of: attributes.anchor), store: store, rules: rules, guards: guards)
        settings.expectations = expectations
        settings.operators = operators(root["operators"])
        settings.daemon = daemon
        return settings
    }

    /// An entry keeps one bit for each attribute.
    private mutating func checkNumberOfAttributes(_ rules: RuleSettings, in root: ConfigNode) {
        let others = rules.attributes.attributes + rules.status.flatMap(\.attributes) + rules.ignore.flatMap(\.attributes)
        let count = AttributeLayout(anchor: rules.attributes.anchor, others: others).count
        guard count > AttributeLayout.limit else { return }
        let place = root.entry("attributes")?.place ?? root.place
        problems.error(
            at: place, "attributes, status rules and ignore filters read \(count) attributes; at most \(AttributeLayout.limit) can be read",
            advice: "map fewer extra fields")
    }
}

/// What the source's section says it is, as far as defaults depend on it.
enum SourceKind: Hashable {
    case ldap(LDAPFlavor)
    case scim
    case file(FileSourceSettings.Format)
    /// A JSON file.
    case resources
    /// Wrong or missing, and already complained about.
    case unknown

    init(_ node: ConfigNode?) {
        switch node?["type"]?.text {
        case "ldap":
            guard let flavor = node?["flavor"] else {
                self = .ldap(.openldap)
                return
            }
            self = flavor.text.flatMap(LDAPFlavor.init).map(SourceKind.ldap) ?? .unknown
        case "file":
            guard let path = node?["path"]?.text else {
                self = .unknown
                return
            }
            self = FilePath.isJSON(path) ? .resources : FilePath.format(of: path).map(SourceKind.file) ?? .unknown
        case "scim": self = .scim
        default:
            self = .unknown
        }
    }
}
