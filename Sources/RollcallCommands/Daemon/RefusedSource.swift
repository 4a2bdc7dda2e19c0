internal import RollcallConfig
internal import RollcallCore
internal import RollcallEngine
internal import RollcallLDAP
internal import RollcallSCIM

/// A source that has refused our credentials, kept so that the next runs do not send them again.
///
/// A server may lock the account after a few refused binds (`pwdMaxFailure` of OpenLDAP, for example), which runs in a row would soon
/// come to. A source that knows of the refusal gives it again without asking the server.
struct RefusedSource: Sendable {
    /// How long the same credentials are not sent again: just less than the time after which a source in quarantine is tried.
    private static let pause = Duration.seconds(Quarantine.pace.seconds - 60)

    let source: any DirectorySource
    private let credentials: SourceCredentials
    private let since: ContinuousClock.Instant

    /// What is kept after a run; `nil` when the source has refused nothing.
    ///
    /// - Parameters:
    ///   - credentials: as they were before the run.
    ///   - since: when the run began that was refused.
    init?(_ source: any DirectorySource, _ credentials: SourceCredentials, since: ContinuousClock.Instant) {
        let isRefused =
            switch source {
            case let ldap as LDAPDirectory: ldap.isRefused
            case let scim as ScimDirectory: scim.isRefused
            default: false
            }
        guard isRefused else { return nil }
        self.source = source
        self.credentials = credentials
        self.since = since
    }

    /// Whether a run must not send the credentials: they are those that were refused, not long ago, and nobody asks for another try.
    func holds(_ order: RunOrder, _ credentials: SourceCredentials, at now: ContinuousClock.Instant) -> Bool {
        switch order.cause {
        case .reload, .release: false
        case .start, .interval, .due, .retry: credentials == self.credentials && now - since < RefusedSource.pause
        }
    }
}

/// What we say to a source that we are, as digests: enough to see that it is not what it was.
struct SourceCredentials: Hashable, Sendable {
    private let digests: [Digest?]

    /// Reads what the config names. What cannot be read is `nil`, and is another thing as soon as it can be.
    init(_ settings: SourceSettings) {
        var secret: SecretReference?
        var files: [String?] = []
        switch settings {
        case .ldap(let ldap):
            if case .simple(_, let password) = ldap.bind { secret = password }
            files = [ldap.clientCertificate, ldap.clientKey]
        case .scim(let scim):
            secret = scim.auth.reference
            files = [scim.clientCertificate, scim.clientKey]
        case .file, .resources: break
        }
        let read = secret.flatMap { try? SecretFile.read($0) }
        digests =
            [read?.expose { Digest(hashing: UnsafeRawBufferPointer($0)) }]
            + files.map { $0.flatMap { try? FileChunks.bytes(of: $0, limit: 1 << 20) }.map { Digest(hashing: $0) } }
    }
}
