/// Why text is not a distinguished name.
public struct DistinguishedNameError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where reading stopped, in bytes from the start of the text.
    public let offset: Int
    /// What is wrong there and how to write it, in words.
    public let reason: String

    /// Makes an error for a place in a text.
    public init(offset: Int, reason: String) {
        self.offset = offset
        self.reason = reason
    }

    public var description: String { "not a distinguished name: \(reason) (byte \(offset))" }
}
