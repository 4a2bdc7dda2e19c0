import RollcallCore

/// A reading of an LDAP directory in progress.
///
/// A thread of its own drains the connection; this end only pulls. Letting go of the reading ends it.
final class LDAPReading: DirectoryReading {
    private let channel: BatchChannel

    init(_ channel: BatchChannel) {
        self.channel = channel
    }

    deinit {
        channel.cancel()
    }

    func next() async throws(SourceError) -> ReadStep {
        try await channel.next().get()
    }

    func cancel() {
        channel.cancel()
    }
}
