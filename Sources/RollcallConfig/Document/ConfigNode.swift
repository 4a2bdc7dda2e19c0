/// One value of the config file with its place, free of YAML's own types.
///
/// A scalar keeps how it was written: what type a plain `5` is gets decided by ``ConfigScalar``, not by YAML 1.1, in which `no` is
/// false and `12:30` a number.
struct ConfigNode: Sendable {
    enum Content: Sendable {
        case scalar(ConfigScalar)
        case list([ConfigNode])
        case section([ConfigEntry])
        /// Something that was already complained about (an alias, a tag). Nothing more is said about it.
        case refused
    }

    var content: Content
    /// Where it begins. For a block of lines it is the place of its key, because the block itself begins with its first child.
    var place: Place

    /// The kind as messages name it.
    var kind: String {
        switch content {
        case .scalar(let scalar): scalar.kind
        case .list: "a list"
        case .section: "a section of keys"
        case .refused: "something refused"
        }
    }

    /// Whether it is a missing value: `~`, `null` or nothing at all.
    var isNull: Bool {
        if case .scalar(let scalar) = content { scalar.isNull } else { false }
    }

    /// The value of `key` in a section; the first when it stands there twice.
    subscript(key: String) -> ConfigNode? {
        entry(key)?.value
    }

    /// The entry of `key` in a section.
    func entry(_ key: String) -> ConfigEntry? {
        guard case .section(let entries) = content else { return nil }
        return entries.first { $0.key == key }
    }

    /// The entries of a section; none for anything else.
    var entries: [ConfigEntry] {
        if case .section(let entries) = content { entries } else { [] }
    }

    /// The items of a list; a single value stands for a list of itself, and a missing one for none.
    var items: [ConfigNode] {
        switch content {
        case .list(let items): items
        case .refused: []
        case .scalar(let scalar): scalar.isNull ? [] : [self]
        case .section: [self]
        }
    }

    /// The text of a scalar; `nil` for anything that is not text or could not be shown on one line, which ``ShapeCheck`` names.
    var text: String? {
        guard case .scalar(let scalar) = content, scalar.kind == "text", !scalar.hasControlCharacter else { return nil }
        return scalar.text
    }

    /// The whole number of a plain scalar.
    var wholeNumber: Int? {
        if case .scalar(let scalar) = content { scalar.wholeNumber } else { nil }
    }

    /// The value of a plain `true` or `false`.
    var flag: Bool? {
        if case .scalar(let scalar) = content { scalar.flag } else { nil }
    }

    /// The place of the byte at `offset` inside a scalar's text; the scalar's own place when the text was not written as it reads
    /// (escapes, several lines).
    func place(atByte offset: Int) -> Place {
        guard case .scalar(let scalar) = content else { return place }
        return place(atScalar: String(decoding: scalar.text.utf8.prefix(Swift.max(0, offset)), as: UTF8.self).unicodeScalars.count)
    }

    /// The same for an offset in Unicode scalars.
    func place(atScalar offset: Int) -> Place {
        guard case .scalar(let scalar) = content, let start = scalar.verbatimStart else { return place }
        return Place(line: start.line, column: start.column + offset)
    }
}

/// A key of a section and its value.
struct ConfigEntry: Sendable {
    var key: String
    var place: Place
    var value: ConfigNode
}
