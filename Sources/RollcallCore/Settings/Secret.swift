/// A secret that does not show itself: not in a description, not in a dump, not in an error.
///
/// It is read from its file or credential only where it is used (``expose(_:)``).
public struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let bytes: [UInt8]

    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether nothing is in it. An empty bind password must never be sent: servers answer it with an anonymous success.
    public var isEmpty: Bool { bytes.isEmpty }

    /// Lends the bytes to `body`.
    public func expose<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBufferPointer(body)
    }

    public var description: String { "(secret)" }
    public var debugDescription: String { "(secret)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Fetches a secret from where config says it is kept.
public typealias SecretResolver = @Sendable (SecretReference) throws(SourceError) -> Secret

/// Where a secret is kept. Config names the place, never the secret.
public enum SecretReference: Hashable, Sendable {
    /// A file that only its owner (and root) can read.
    case file(String)
    /// A systemd credential: a file of this name in `$CREDENTIALS_DIRECTORY`.
    case credential(String)

    /// What else to think of when the secret is refused, after a semicolon; empty for a file, which is read anew for each connection.
    public var refusalAdvice: String {
        switch self {
        case .file: ""
        case .credential: "; one that was changed is seen after `systemctl restart` only, because systemd hands it over at the start"
        }
    }
}
