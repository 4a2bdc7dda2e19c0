/// Why a plan file cannot be used; its description is one line for a person.
public struct PlanFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Hashable, Sendable {
        /// It is something else than a plan file.
        case notAPlan = "not_a_plan"
        /// Another version wrote it.
        case otherVersion = "other_version"
        /// Its end is missing.
        case truncated
        /// Its bytes are not those that were written.
        case changed
        /// A line is longer than any that is written.
        case tooLarge = "too_large"
    }

    public let code: Code
    /// What is wrong, with the line.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message + "; make a new plan with `plan --out`" }
}
