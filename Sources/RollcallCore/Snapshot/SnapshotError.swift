/// Why a file cannot be used as a snapshot; its description is one line for a person.
public struct SnapshotError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Hashable, Sendable {
        /// It is something else than a snapshot.
        case notASnapshot = "not_a_snapshot"
        /// Another version wrote it.
        case otherVersion = "other_version"
        /// Its end is missing.
        case truncated
        /// Its bytes are not those that were written.
        case changed
        /// The file cannot be opened, read or written.
        case file
    }

    public let code: Code
    /// What is wrong.
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String {
        code == .file ? message : message + "; take a new one with `snapshot --out`"
    }

    static let notASnapshot = SnapshotError(.notASnapshot, "this is not a snapshot")
    static let truncated = SnapshotError(.truncated, "the snapshot is cut short: its end is missing")
    /// The bytes are not those that were written.
    public static let changed = SnapshotError(.changed, "the snapshot was changed after it was written")
}
