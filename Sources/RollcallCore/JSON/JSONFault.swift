/// Why bytes could not be read as JSON.
public struct JSONFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of fault it is.
    public enum Kind: Hashable, Sendable {
        /// The bytes end inside of a value. With more of them it may be a value yet.
        case unfinished
        /// The bytes are no JSON (RFC 8259).
        case malformed
        /// They are JSON, and more of it than is accepted.
        case tooLarge
    }

    public let kind: Kind
    /// The byte that it was noticed at, from the start of what was given.
    public let offset: Int
    /// What is wrong, as a part of a sentence.
    public let message: String

    public init(_ kind: Kind, at offset: Int, _ message: String) {
        self.kind = kind
        self.offset = offset
        self.message = message
    }

    public var description: String { message }
}

/// How much of JSON is accepted.
public struct JSONLimits: Hashable, Sendable {
    /// How deep arrays and objects may stand in each other, 1 to 64.
    public var depth = 32
    /// The most bytes of one value, all that is in it included.
    public var bytes = 32 << 20
    /// The most values in one value, names of members counted too.
    public var values = 2_000_000

    public init() {}
}
