/// Why a pattern or a template could not be read, and where.
public struct PatternSyntaxError: Error, Hashable, Sendable {
    /// How many Unicode scalars of the pattern come before the place that is wrong.
    public let offset: Int
    /// What is wrong and what to do instead, in a sentence without a full stop.
    public let message: String

    public init(offset: Int, message: String) {
        self.offset = offset
        self.message = message
    }
}

extension PatternSyntaxError: CustomStringConvertible {
    /// The message with its place, counted from one.
    public var description: String { "character \(offset + 1): \(message)" }
}
