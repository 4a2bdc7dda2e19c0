extension AttributeName {
    /// The attribute of a resource that a path means.
    ///
    /// A path with the URN of a core schema before it is the same attribute as without.
    public init(_ path: ScimPath) {
        let folded = AttributeName.corePrefixes.first { path.folded.starts(with: $0) }.map { Array(path.folded.dropFirst($0.count)) }
        self.init(folded: folded ?? path.folded, written: Array(path.description.utf8))
    }

    /// The slot that holds the answer to a condition.
    public init(answerTo condition: ScimCondition) {
        let mark = [AttributeName.answerMark, condition.states.rawValue, UInt8(ascii: " ")]
        self.init(folded: mark + condition.filter.folded, written: mark + Array(condition.filter.description.utf8))
    }

    /// Reads back a name of any kind from the bytes that it was kept as.
    init?(kept bytes: [UInt8]) {
        if let name = AttributeName(bytes: bytes) {
            self = name
        } else if let condition = ScimCondition(askedAs: bytes) {
            self.init(answerTo: condition)
        } else if let path = try? ScimPath(parsing: String(decoding: bytes, as: UTF8.self)) {
            self.init(path)
        } else {
            return nil
        }
    }

    /// Whether it is the slot of an answer rather than an attribute.
    public var isAnswer: Bool { folded.first == AttributeName.answerMark }

    /// `active` of a resource.
    public static let active = AttributeName(known: "active")
    /// `id` of a resource.
    public static let id = AttributeName(known: "id")
    /// `displayName` of a group.
    public static let displayName = AttributeName(known: "displayName")
    /// `members` of a group.
    public static let members = AttributeName(known: "members")

    fileprivate static let answerMark = UInt8(ascii: "?")

    private static let corePrefixes = [
        Array("urn:ietf:params:scim:schemas:core:2.0:user:".utf8), Array("urn:ietf:params:scim:schemas:core:2.0:group:".utf8),
    ]
}

extension ScimCondition {
    /// The condition whose answer a slot of this name holds; `nil` for the name of an attribute.
    public init?(answeredIn name: AttributeName) {
        guard name.isAnswer else { return nil }
        self.init(askedAs: name.written)
    }

    fileprivate init?(askedAs bytes: [UInt8]) {
        guard bytes.count > 3, bytes[0] == AttributeName.answerMark, let states = States(rawValue: bytes[1]),
            let filter = try? ScimFilter(parsing: String(decoding: bytes[3...], as: UTF8.self))
        else { return nil }
        self.init(filter, states: states)
    }
}
