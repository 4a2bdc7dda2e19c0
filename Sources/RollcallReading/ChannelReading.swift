package import RollcallCore

/// A reading in progress whose batches come through a channel.
///
/// A thread of its own drains the connection; this end only pulls. Letting go of the reading ends it.
package final class ChannelReading: DirectoryReading {
    private let channel: BatchChannel

    package init(_ channel: BatchChannel) {
        self.channel = channel
    }

    deinit {
        channel.cancel()
    }

    package func next() async throws(SourceError) -> ReadStep {
        try await channel.next().get()
    }

    package func cancel() {
        channel.cancel()
    }
}
