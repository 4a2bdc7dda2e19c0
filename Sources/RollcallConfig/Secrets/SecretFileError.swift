/// Why a secret could not be read. It never holds any of the secret.
public struct SecretFileError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Hashable, Sendable {
        case missing
        /// The file cannot be opened or read, or is too long.
        case unreadable
        /// A symbolic link, a directory, a pipe or a device.
        case notAFile
        /// Others than the owner can read or change it.
        case exposed
        /// It belongs to somebody who is neither root nor ourselves.
        case foreign
        case empty
        /// The name is not that of a file.
        case badName
        /// systemd gave this process no credentials.
        case noCredentials
    }

    public let code: Code
    /// The file, or the credential's name.
    public let path: String
    /// What is wrong and what to do, after the path.
    public let message: String

    init(_ code: Code, path: String, message: String) {
        self.code = code
        self.path = path
        self.message = message
    }

    /// Whether trying again may help without anybody's doing. It does not.
    public var isTransient: Bool { false }

    public var description: String { path.isEmpty ? "secret: \(message)" : "secret \(path): \(message)" }
}
