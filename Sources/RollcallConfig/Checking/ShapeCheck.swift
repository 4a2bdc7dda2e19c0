/// Holds the file against the table of keys: which keys there are, of what type, in what range. What a text means is left to the
/// sections that read it.
struct ShapeCheck {
    var problems = Problems()
    /// What cannot be left out, so that no advice says so.
    private var required: Set<ConfigPath> = []

    mutating func check(_ node: ConfigNode, _ type: ConfigType, at path: ConfigPath) {
        if case .refused = node.content { return }
        if case .orNothing(let type) = type {
            if !node.isNull { check(node, type, at: path) }
            return
        }
        if node.isNull {
            return problems.error(at: node.place, "\(path.subject) has no value", advice: advice("write one", for: path))
        }
        switch type {
        case .text(let form): checkText(node, form, at: path)
        case .wholeNumber(let range): checkWholeNumber(node, range, at: path)
        case .flag(let only): checkFlag(node, only: only, at: path)
        case .word(let words): checkWord(node, words, at: path)
        case .list(let type, let orOne, let item): checkList(node, of: type, orOne: orOne, item: item, at: path)
        case .section(let section): checkSection(node, section, at: path)
        case .variants(let variants): checkVariants(node, variants, at: path)
        case .named(let type): checkNamed(node, type, at: path)
        case .secret: checkSecret(node, at: path)
        case .orNothing: break
        }
    }

    /// What to do about a missing value.
    func advice(_ text: String, for path: ConfigPath) -> String {
        required.contains(path) ? text : "\(text), or leave the key out"
    }

    mutating func expected(_ what: String, _ node: ConfigNode, at path: ConfigPath, advice: String = "") {
        problems.error(at: node.place, "\(path.subject): expected \(what), found \(node.kind)", advice: advice)
    }

    // MARK: - Lists and sections

    private mutating func checkList(_ node: ConfigNode, of type: ConfigType, orOne: Bool, item: String?, at path: ConfigPath) {
        guard case .list(let items) = node.content else {
            if orOne, case .scalar = node.content { return check(node, type, at: path) }
            return expected(
                orOne ? "text or a list" : "a list", node, at: path, advice: orOne ? "" : "write `[…]`, or items that begin with `- `")
        }
        if items.isEmpty {
            problems.error(at: node.place, "\(path.subject) is an empty list", advice: advice("name something", for: path))
        }
        for (index, child) in items.enumerated() {
            check(child, type, at: item.map { .item($0, number: index + 1) } ?? path)
        }
    }

    private mutating func checkNamed(_ node: ConfigNode, _ type: ConfigType, at path: ConfigPath) {
        guard case .section(let entries) = node.content else { return expected("a section of keys", node, at: path) }
        if entries.isEmpty { problems.error(at: node.place, "\(path.subject) is empty", advice: advice("name something", for: path)) }
        for entry in entries {
            if entry.key.isEmpty || entry.key.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
                problems.error(at: entry.place, "a name \(path.section) is empty or holds a control character")
            }
            check(entry.value, type, at: path.key(entry.key))
        }
    }

    private mutating func checkVariants(_ node: ConfigNode, _ variants: SectionVariants, at path: ConfigPath) {
        guard case .section = node.content else { return expected("a section of keys", node, at: path) }
        let key = variants.discriminator
        guard let word = node[key] else {
            return problems.error(
                at: node.place, "\(path.subject) lacks the key `\(key)`", advice: "write \(variants.words.choice)")
        }
        required.insert(path.key(key))
        check(word, .word(variants.words), at: path.key(key))
        // Without a known word nothing can be said about the other keys.
        guard let text = word.text, let section = variants.section(for: text) else { return }
        let discriminator = ConfigKey(key, .word(variants.words), variants.doc, required: true)
        checkSection(node, ConfigSection([discriminator] + section.keys, exactlyOne: section.exactlyOne), at: path, checked: [key])
    }

    mutating func checkSection(_ node: ConfigNode, _ section: ConfigSection, at path: ConfigPath, checked: Set<String> = []) {
        guard case .section(let entries) = node.content else { return expected("a section of keys", node, at: path) }
        for entry in entries where !checked.contains(entry.key) {
            guard let key = section.key(entry.key) else {
                unknownKey(entry, in: section, at: path)
                continue
            }
            if key.isRequired { required.insert(path.key(key.name)) }
            if key.isSupported {
                check(entry.value, key.type, at: path.key(entry.key))
            } else {
                problems.error(
                    at: entry.place, "\(path.key(entry.key).subject) is not supported by this version", advice: "leave it out")
            }
        }
        for key in section.keys where key.isRequired && node[key.name] == nil {
            problems.error(at: node.place, "\(path.subject) lacks the key `\(key.name)`", advice: key.doc)
        }
        checkExactlyOne(of: section.exactlyOne, in: node, at: path)
        let choices = section.exactlyOne.isEmpty && !section.keys.contains(where: \.isRequired)
        if entries.isEmpty, choices {
            problems.error(at: node.place, "\(path.subject) is empty", advice: advice("write a key into it", for: path))
        }
    }

    private mutating func checkExactlyOne(of names: [String], in node: ConfigNode, at path: ConfigPath) {
        guard !names.isEmpty else { return }
        let present = names.compactMap { node.entry($0) }
        let choice = WordList(names).choice
        if present.isEmpty {
            problems.error(at: node.place, "\(path.subject) needs \(choice)")
        } else if present.count > 1, let last = present.max(by: { $0.place < $1.place }) {
            problems.error(
                at: last.place,
                "\(path.subject) has \(present.count == 2 ? "both " : "")\(present.map { "`\($0.key)`" }.joined(separator: " and "))",
                advice: names.count == 2 ? "one rule says one thing; make two rules" : "keep one of them")
        }
    }

    private mutating func unknownKey(_ entry: ConfigEntry, in section: ConfigSection, at path: ConfigPath) {
        let message = "unknown key \(Quoted(entry.key)) \(path.section)"
        if path == .root.key("guards"), ConfigKeys.fixedGuards.contains(where: { $0.rawValue == entry.key }) {
            return problems.error(
                at: entry.place, "\(path.key(entry.key).subject) cannot be set", advice: "this guard always holds; leave it out")
        }
        if let near = NearestKey.nearest(to: entry.key, among: section.keys.map(\.name)) {
            return problems.error(at: entry.place, message, advice: "did you mean `\(near)`?")
        }
        let homes = ConfigKeys.sections(with: entry.key)
        if homes.contains(path.section) {
            return problems.error(at: entry.place, message, advice: "a source of this type does not have it")
        }
        if let home = homes.first, homes.count == 1 {
            return problems.error(at: entry.place, message, advice: "it belongs \(home)")
        }
        let known = section.keys.filter(\.isSupported).map(\.name).joined(separator: ", ")
        problems.error(at: entry.place, message, advice: "known here: \(known)")
    }

    // MARK: - Secrets

    private mutating func checkSecret(_ node: ConfigNode, at path: ConfigPath) {
        let advice = "write {file: /path} or {credential: name}, and change the one that stood here"
        guard case .section(let entries) = node.content else {
            return problems.error(at: node.place, "\(path.subject): a secret may not stand in this file", advice: advice)
        }
        // Whatever stands here may be the secret itself: no key and no value is shown.
        guard entries.count == 1, let entry = entries.first, ["file", "credential"].contains(entry.key) else {
            return problems.error(
                at: node.place, "\(path.subject): expected either {file: /path} or {credential: name}",
                advice: "name the place of the secret by exactly one of them")
        }
        required.insert(path.key(entry.key))
        check(entry.value, .text(.path), at: path.key(entry.key))
    }
}

extension WordList {
    /// The words as a choice: `a`, `b` or `c`.
    var choice: String {
        let quoted = words.map { "`\($0)`" }
        guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "nothing" }
        return quoted.dropLast().joined(separator: ", ") + " or " + last
    }
}

extension ConfigPath {
    /// The root of the tree is a DN without text, and may be searched.
    var allowsEmptyText: Bool {
        self == .root.key("source").key("users").key("base") || self == .root.key("source").key("groups").key("base")
    }
}
