/// Which source attribute each local field comes from.
public struct AttributeMapping: Hashable, Sendable {
    public var anchor: AttributeName
    public var username: FieldSource
    public var email: FieldSource?
    public var givenName: FieldSource?
    public var familyName: FieldSource?
    public var displayName: FieldSource?
    /// Further fields of the application's own; kept in the order of their names.
    public var extra: [ExtraField] {
        didSet { extra.sort { $0.name < $1.name } }
    }

    public init(anchor: AttributeName, username: FieldSource) {
        self.anchor = anchor
        self.username = username
        email = nil
        givenName = nil
        familyName = nil
        displayName = nil
        extra = []
    }

    /// Every attribute that some field reads, the anchor not among them.
    public var attributes: [AttributeName] {
        ([username, email, givenName, familyName, displayName].compactMap { $0 } + extra.map(\.source)).flatMap(\.attributes)
    }
}

/// One field of the application's own.
public struct ExtraField: Hashable, Sendable {
    public let name: Text
    public let source: FieldSource

    public init(name: Text, source: FieldSource) {
        self.name = name
        self.source = source
    }
}

/// Where one local field gets its value: the first alternative that has one.
public struct FieldSource: Hashable, Sendable {
    /// One way to a value.
    public enum Alternative: Hashable, Sendable {
        /// The attribute's value.
        case attribute(AttributeName)
        /// Pieces put together; it has a value only when every attribute in it has one.
        case template([TemplatePiece])
    }

    /// One piece of a template.
    public enum TemplatePiece: Hashable, Sendable {
        case text(Text)
        case attribute(AttributeName)
    }

    public let alternatives: [Alternative]

    public init(_ alternatives: [Alternative]) {
        self.alternatives = alternatives
    }

    /// The attributes that the alternatives read.
    public var attributes: [AttributeName] {
        alternatives.flatMap { alternative in
            switch alternative {
            case .attribute(let name): [name]
            case .template(let pieces): pieces.compactMap { if case .attribute(let name) = $0 { name } else { nil } }
            }
        }
    }
}
