/// Why text is not a SCIM filter or attribute path.
public struct ScimSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where reading stopped, in bytes from the start of the text.
    public let offset: Int
    /// What is wrong there and what to write instead, in words.
    public let message: String

    /// Makes an error for a place in a text.
    public init(offset: Int, message: String) {
        self.offset = offset
        self.message = message
    }

    public var description: String { "byte \(offset): \(message)" }
}
