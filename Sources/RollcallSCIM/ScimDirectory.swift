public import RollcallCore
import RollcallReading
import Synchronization

/// A SCIM 2.0 service as a source (RFC 7643 and 7644): read whole, page by page, or asked about single resources; or one document with
/// everything in it, a feed.
///
/// Each operation has a connection and a thread of its own. Nothing is taken from the environment.
public struct ScimDirectory: DirectorySource {
    let settings: ScimSettings
    let secret: @Sendable (SecretReference) throws(SourceError) -> Secret
    /// What a reading has found out that the next one of the same run should know.
    let lessons = Lessons()
    /// Shared by all copies, so that refused credentials are not sent again by the same command.
    let refused = RefusedCredentials()

    /// - Parameter secret: Called for each connection, on its thread, so that a changed file counts for the next one.
    public init(_ settings: ScimSettings, secret: @escaping @Sendable (SecretReference) throws(SourceError) -> Secret) {
        self.settings = settings
        self.secret = secret
    }

    /// Whether the service has refused our credentials, so that this source does not send them again.
    public var isRefused: Bool { refused.isNoted }

    public func read(_ request: ReadRequest) async throws(SourceError) -> any DirectoryReading {
        let channel = BatchChannel(subject)
        let isStarted = WorkerThread.start { [self] in
            do throws(SourceError) {
                let proof = try connected(channel.stop, alive: request.alive) { (connection) throws(SourceError) in
                    let job = ReadingJob(connection, channel, settings, request, lessons)
                    return try settings.isFeed ? job.readFeed() : job.run()
                }
                channel.finish(.success(proof))
            } catch {
                channel.finish(.failure(error))
            }
        }
        if !isStarted { throw WorkerThread.noThread(subject) }
        return ChannelReading(channel)
    }

    public func lookUp(_ anchors: [Anchor], _ request: ReadRequest) async throws(SourceError) -> [Presence] {
        if anchors.isEmpty { return [] }
        return try await WorkerThread.run(subject) { [self] stop throws(SourceError) in
            try connected(stop, alive: request.alive) { (connection) throws(SourceError) in
                let lookUp = ScimLookUp(connection, settings, request)
                return try settings.isFeed ? lookUp.searchFeed(anchors) : lookUp.run(anchors)
            }
        }
    }

    /// What messages call the service: its URL without a query, which may hold a key.
    var subject: String { (try? ScimURL(settings.url))?.description ?? "source.url" }

    /// Makes a connection for `body`; nothing is sent before the first request, and nothing at all once credentials were refused.
    func connected<Value>(
        _ stop: StopSignal, alive: @escaping @Sendable () -> Void = {}, _ body: (HTTPConnection) throws(SourceError) -> Value
    ) throws(SourceError) -> Value {
        try refused.check()
        let patience = Patience(deadline: settings.deadline, answer: settings.answerTimeout, alive: alive)
        let connection = try HTTPConnection(settings, stop: stop, patience: patience, secret: secret)
        do throws(SourceError) {
            return try body(connection)
        } catch {
            if connection.isRefused { refused.note(error) }
            throw error
        }
    }
}

/// What a reading found out about a service, for the next try.
final class Lessons: Sendable {
    struct Content {
        /// `totalResults` does not count what the filter selects, so that everything is to be read.
        var filterIsUnproved = false
    }

    private let content = Mutex(Content())

    var all: Content { content.withLock { $0 } }

    func learn(_ lesson: @Sendable (inout Content) -> Void) {
        content.withLock { lesson(&$0) }
    }
}
