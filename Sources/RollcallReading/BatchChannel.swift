package import RollcallCore
import Synchronization

/// Hands batches from the reader's thread to the task that pulls them, and holds the reader back when nobody pulls.
///
/// It buffers at most ``capacity`` batches, and a second one only as long as all of them together are no larger than one full batch
/// may be: a group may be far larger than that by itself. The thread waits on its ``StopSignal`` for room; the task waits in a continuation.
package final class BatchChannel: Sendable {
    private struct State {
        var queue: [EntryBatch] = []
        var outcome: Result<ReadProof, SourceError>?
        var waiter: CheckedContinuation<Result<ReadStep, SourceError>, Never>?

        func hasRoom(for batch: EntryBatch) -> Bool {
            if queue.isEmpty { return true }
            guard queue.count < BatchChannel.capacity else { return false }
            return queue.reduce(batch.byteCount) { $0 + $1.byteCount } <= EntryLimits.batchBytes
        }
    }

    private enum Sending {
        case taken
        case handed(CheckedContinuation<Result<ReadStep, SourceError>, Never>)
        case full
        case over
    }

    private static let capacity = 3

    package let stop = StopSignal()
    private let subject: String
    private let state = Mutex(State())

    package init(_ subject: String) {
        self.subject = subject
    }

    /// Delivers a batch, waiting for room. Called on the reader's thread.
    ///
    /// - Throws: `cancelled` when nobody wants it any more, `timeout` at the deadline.
    package func send(_ batch: EntryBatch, _ patience: Patience) throws(SourceError) {
        while true {
            let sending: Sending = state.withLock { state in
                if state.outcome != nil { return .over }
                if let waiter = state.waiter {
                    state.waiter = nil
                    return .handed(waiter)
                }
                guard state.hasRoom(for: batch) else { return .full }
                state.queue.append(batch)
                return .taken
            }
            switch sending {
            case .taken: return
            case .handed(let waiter):
                waiter.resume(returning: .success(.batch(batch)))
                return
            case .over: throw .cancelled(subject)
            case .full:
                guard !patience.isOver else { throw patience.error(subject, while: "waiting for the entries read to be taken") }
                stop.wait(milliseconds: .max)
            }
        }
    }

    /// Ends the reading: the batches that wait are still delivered, then the outcome. Called on the reader's thread.
    package func finish(_ outcome: Result<ReadProof, SourceError>) {
        let waiter: CheckedContinuation<Result<ReadStep, SourceError>, Never>? = state.withLock { state in
            guard state.outcome == nil else { return nil }
            state.outcome = outcome
            // A reading that failed is worthless; its rest is not shown.
            if case .failure = outcome { state.queue.removeAll() }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: outcome.map { .end($0) })
    }

    /// The next step; after the end the same outcome again.
    package func next() async -> Result<ReadStep, SourceError> {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let step: Result<ReadStep, SourceError>? = state.withLock { state in
                    if !state.queue.isEmpty { return .success(.batch(state.queue.removeFirst())) }
                    if let outcome = state.outcome { return outcome.map { .end($0) } }
                    guard state.waiter == nil else {
                        let twice = SourceError(.unstable, subject: subject, message: "two tasks read from one reading")
                        return .failure(twice)
                    }
                    state.waiter = continuation
                    return nil
                }
                stop.wake()
                if let step { continuation.resume(returning: step) }
            }
        } onCancel: {
            cancel()
        }
    }

    /// Ends the reading at once, from any thread; whoever waits in ``next()`` is told.
    package func cancel() {
        finish(.failure(.cancelled(subject)))
        stop.stop()
    }
}
