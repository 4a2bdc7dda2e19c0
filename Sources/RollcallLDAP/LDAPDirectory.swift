public import RollcallCore
import RollcallReading

/// An LDAP directory as a source: read whole, page by page, or asked about single entries.
///
/// Each operation has a connection and a thread of its own. Nothing is taken from `ldap.conf`, `.ldaprc` or the environment.
public struct LDAPDirectory: DirectorySource {
    let settings: LDAPSettings
    let secret: SecretResolver
    /// Shared by all copies, so that a refused bind is the last one of a command.
    let refused = RefusedCredentials()

    /// - Parameter secret: Called for each connection, on its thread, so that a changed password file counts for the next one.
    public init(_ settings: LDAPSettings, secret: @escaping SecretResolver) {
        self.settings = settings
        self.secret = secret
    }

    /// Whether the server has refused our credentials, so that this source does not send them again.
    public var isRefused: Bool { refused.isNoted }

    public func read(_ request: ReadRequest) async throws(SourceError) -> any DirectoryReading {
        let channel = BatchChannel(name)
        let started = OneAnswer<SourceError?>()
        let isStarted = WorkerThread.start { [self] in
            let patience = Patience(deadline: settings.deadline, answer: settings.answerTimeout, alive: request.alive)
            do throws(SourceError) {
                let session = try open(channel.stop, patience)
                let rootDSE = try introduce(session)
                started.give(nil)
                let job = ReadingJob(session: session, channel: channel, settings: settings, request: request, rootDSE: rootDSE)
                channel.finish(.success(try job.run()))
            } catch {
                started.give(error)
                channel.finish(.failure(error))
            }
        }
        if !isStarted { started.give(WorkerThread.noThread(name)) }
        let failure = await withTaskCancellationHandler {
            await started.value()
        } onCancel: {
            channel.cancel()
            started.give(.cancelled(name))
        }
        if let failure { throw failure }
        return ChannelReading(channel)
    }

    /// How messages mention the source when no server has answered.
    var name: String { settings.urls.isEmpty ? "source.url" : settings.urls.joined(separator: ", ") }
}

// MARK: - Connections

extension LDAPDirectory {
    /// Opens a connection to the first server that can be reached, and binds.
    ///
    /// The next server is tried only when one cannot be reached. A refused certificate or password ends the search: another server
    /// would see the password, or lock the account. For the same reason nothing is connected after a refused bind.
    func open(_ stop: StopSignal, _ patience: Patience) throws(SourceError) -> LDAPSession {
        try refused.check()
        guard !settings.urls.isEmpty else {
            throw SourceError(.malformed, subject: "source.url", message: "no server is named", advice: "give at least one URL")
        }
        var addresses: [LDAPAddress] = []
        for url in settings.urls {
            let address = try LDAPAddress(url)
            try LDAPSession.checkChannel(address, settings)
            addresses.append(address)
        }
        let credentials = try Credentials(settings.bind, secret: secret)
        var failures: [SourceError] = []
        for address in addresses {
            do throws(SourceError) {
                let session = try LDAPSession(address, stop: stop, patience: patience)
                try session.connect(settings)
                do throws(SourceError) {
                    try session.bind(credentials, settings)
                } catch {
                    if error.code == .credentials { refused.note(error) }
                    throw error
                }
                return session
            } catch {
                guard !stop.isStopped else { throw .cancelled(name) }
                guard error.code == .unreachable || error.code == .timeout, !patience.isOver else { throw error }
                failures.append(error)
            }
        }
        if failures.count == 1, let only = failures.first { throw only }
        let reasons = failures.map { "\($0.subject) (\($0.message))" }.joined(separator: ", ")
        throw SourceError(
            .unreachable, subject: name, message: "none of \(failures.count) servers could be reached: \(reasons)",
            advice: "are the servers up, and are hosts, ports and firewall right?")
    }

    /// Reads what the server says of itself, and makes sure that it took us for somebody if we said who we are.
    ///
    /// A server may answer a bind with success and leave the connection anonymous (RFC 4513 section 5.1.2).
    func introduce(_ session: LDAPSession) throws(SourceError) -> RootDSE? {
        let rootDSE = try RootDSE.read(session)
        guard settings.bind != .anonymous, let rootDSE, rootDSE.extensions.contains(RootDSE.whoAmI) else { return rootDSE }
        if let identity = try session.whoAmI(), identity.isEmpty || identity == "dn:" {
            throw SourceError(
                .credentials, subject: session.subject, message: "the bind succeeded, but the server takes us for anonymous",
                advice: "look at the bind DN, at the password, and at how the server maps certificates and socket peers")
        }
        return rootDSE
    }
}
