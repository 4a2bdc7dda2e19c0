/// Why the store could not do something. The text is one line: what failed, on what, and what to do next; never a value.
public struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Hashable, Sendable {
        /// Another applier holds the lock.
        case locked
        /// There is no store.
        case missing
        /// The store cannot be opened.
        case unopenable
        /// The store was written by a later version, or is none of ours.
        case foreign
        /// Somebody wrote between plan and apply, again and again.
        case moved
        /// The reading contradicts itself: one anchor twice with different content.
        case contradictory
        /// The disk is full or read-only, or failed.
        case storage
        /// The database is damaged.
        case corrupt
        /// What is kept does not suffice to go on with: the source must be read whole.
        case notEnough
        /// What was asked for does not fit what is there.
        case refused
        /// Anything else the database said.
        case database
    }

    public let code: Code
    public let subject: String
    public let message: String
    public let advice: String

    public init(_ code: Code, subject: String, message: String, advice: String = "") {
        self.code = code
        self.subject = subject
        self.message = message
        self.advice = advice
    }

    /// Whether the same call may succeed later without anybody's doing.
    public var isTransient: Bool { code == .locked || code == .moved }

    public var description: String {
        advice.isEmpty ? "\(subject): \(message)" : "\(subject): \(message); \(advice)"
    }
}
