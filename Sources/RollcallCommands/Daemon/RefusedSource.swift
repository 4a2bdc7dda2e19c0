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
    let source: any DirectorySource
    private let credentials: SourceCredentials
    private let since: ContinuousClock.Instant
    /// How many times in a row the same credentials were refused.
    private let refusals: Int

    /// What is kept after a run; `nil` when the source has refused nothing.
    ///
    /// - Parameters:
    ///   - credentials: as they were before the run.
    ///   - since: when the run began that was refused.
    ///   - former: what was kept after the last run before it that sent credentials.
    init?(_ source: any DirectorySource, _ credentials: SourceCredentials, since: ContinuousClock.Instant, former: RefusedSource?) {
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
        refusals = former.map { $0.credentials == credentials ? $0.refusals + 1 : 1 } ?? 1
    }

    /// How long the same credentials are not sent again.
    var pause: Duration { RefusedSource.pause(after: refusals) }

    /// How long credentials are not sent again that were refused so many times in a row: just less than the time after which a source in
    /// quarantine is tried, then twice as long each time, and a day at most.
    static func pause(after refusals: Int) -> Duration {
        let hours: Int64 = refusals < 6 ? 1 << max(refusals - 1, 0) : 24
        return .seconds(Quarantine.pace.seconds * hours - 60)
    }

    /// Whether a run must not send the credentials: they are those that were refused, not long ago, and nobody asks for another try.
    func holds(_ order: RunOrder, _ credentials: SourceCredentials, at now: ContinuousClock.Instant) -> Bool {
        switch order.cause {
        case .reload, .release: false
        case .start, .interval, .due, .retry: credentials == self.credentials && now - since < pause
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
