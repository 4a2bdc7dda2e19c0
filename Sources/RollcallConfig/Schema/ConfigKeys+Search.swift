extension ConfigKeys {
    /// The sections that have a key of this name, as the end of "it belongs …".
    static func sections(with key: String) -> [String] {
        var found: [String] = []
        visit(root, at: .root) { section, path in
            if section.key(key)?.isSupported == true, !found.contains(path.section) { found.append(path.section) }
        }
        return found
    }

    private static func visit(_ section: ConfigSection, at path: ConfigPath, _ body: (ConfigSection, ConfigPath) -> Void) {
        body(section, path)
        for key in section.keys where key.isSupported { visit(key.type, at: path.key(key.name), body) }
    }

    private static func visit(_ type: ConfigType, at path: ConfigPath, _ body: (ConfigSection, ConfigPath) -> Void) {
        switch type {
        case .section(let section): visit(section, at: path, body)
        case .variants(let variants): for (_, section) in variants.sections { visit(section, at: path, body) }
        case .list(let item, _, _): visit(item, at: path, body)
        case .named(let value): visit(value, at: path.key("…"), body)
        case .orNothing(let type): visit(type, at: path, body)
        case .text, .wholeNumber, .flag, .word, .secret: break
        }
    }
}
