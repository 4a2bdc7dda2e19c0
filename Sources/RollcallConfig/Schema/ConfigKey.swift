/// One key of the config file: what it may hold, what it means, and whether its effect is built.
///
/// The table of these (``ConfigKeys``) is the only list of keys: the check of a file, the suggestion for a mistyped key and the JSON
/// Schema all come from it.
struct ConfigKey: Sendable {
    let name: String
    let type: ConfigType
    /// What it means, for the schema: one sentence.
    let doc: String
    var isRequired = false
    /// What holds when the key is left out, as it would be written.
    var standard: String?
    /// A key that belongs to the file's design and is refused because its effect is not built.
    var isSupported = true

    init(_ name: String, _ type: ConfigType, _ doc: String, required: Bool = false, default standard: String? = nil) {
        self.name = name
        self.type = type
        self.doc = doc
        isRequired = required
        self.standard = standard
    }

    /// A key whose effect is not built yet.
    static func later(_ name: String) -> ConfigKey {
        var key = ConfigKey(name, .text(.any), "")
        key.isSupported = false
        return key
    }
}

/// What a key may hold.
indirect enum ConfigType: Sendable {
    case text(TextForm)
    case wholeNumber(ClosedRange<Int>)
    /// `true` or `false`; with `only`, the one of them that is built.
    case flag(only: Bool?)
    case word(WordList)
    /// A list, or with `orOne` a single item in its place. `item` names an item in messages, as in `status rule 2`.
    case list(ConfigType, orOne: Bool, item: String?)
    case section(ConfigSection)
    /// A section whose keys depend on the word under one of them.
    case variants(SectionVariants)
    /// A section whose keys are names of the file's own.
    case named(ConfigType)
    /// The place of a secret: `{file: …}` or `{credential: …}`. Nothing of what stands there is ever shown.
    case secret
    /// The type, or `~` to switch it off.
    case orNothing(ConfigType)
}

/// What a text must be. Its form is read by the section that uses it; here it is a name for the schema.
enum TextForm: String, Sendable {
    case any
    case path
    case filter
    /// A filter in the language of the source: RFC 4515, for SCIM and JSON RFC 7644.
    case condition
    case attribute
    /// An attribute or a template with attributes in braces.
    case field
    case distinguishedName
    case duration
    /// A length of time, or `never`.
    case durationOrNever
    case directoryURL
    case serviceURL
    case storeURL
    case pattern
    case grant
}

/// The words that a key may hold.
struct WordList: Sendable {
    /// Those that are built.
    let words: [String]
    /// Those that belong to the design and are not built.
    var later: [String] = []
    /// Whether any other text is one that is not built either, rather than a mistake.
    var othersAreLater = false

    init(_ words: [String], later: [String] = [], othersAreLater: Bool = false) {
        self.words = words
        self.later = later
        self.othersAreLater = othersAreLater
    }
}

/// A section with a fixed set of keys.
struct ConfigSection: Sendable {
    let keys: [ConfigKey]
    /// Keys of which exactly one must be there.
    var exactlyOne: [String] = []

    init(_ keys: [ConfigKey], exactlyOne: [String] = []) {
        self.keys = keys
        self.exactlyOne = exactlyOne
    }

    func key(_ name: String) -> ConfigKey? {
        keys.first { $0.name == name }
    }
}

/// Sections that share one key, whose word tells which of them is meant.
struct SectionVariants: Sendable {
    let discriminator: String
    let doc: String
    let sections: [(word: String, section: ConfigSection)]
    /// Words that belong to the design and are not built.
    let later: [String]

    /// The words that choose a section.
    var words: WordList { WordList(sections.map(\.word), later: later) }

    func section(for word: String) -> ConfigSection? {
        sections.first { $0.word == word }?.section
    }
}
