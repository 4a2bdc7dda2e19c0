import CWake
import Glibc
package import RollcallCore
import Synchronization

/// A thread of its own for one operation, because a library that reads from the network may block, and one handle belongs to one thread.
package enum WorkerThread {
    private final class Work: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    /// Starts `body` on a new detached thread; `false` when the system refuses one.
    package static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let work = Unmanaged.passRetained(Work(body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, &attributes,
            { context in
                guard let context else { return nil }
                rollcall_block_sigpipe()
                Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, work.toOpaque())
        if code != 0 { work.release() }
        return code == 0
    }

    /// Runs `body` on a thread of its own and waits for what it gives.
    ///
    /// Cancelling the waiting task returns at once; the thread notices the stop and ends by itself.
    package static func run<Value: Sendable>(
        _ subject: String, _ body: @escaping @Sendable (StopSignal) throws(SourceError) -> Value
    ) async throws(SourceError) -> Value {
        let stop = StopSignal()
        let answer = OneAnswer<Result<Value, SourceError>>()
        let isStarted = start {
            do throws(SourceError) {
                answer.give(.success(try body(stop)))
            } catch {
                answer.give(.failure(error))
            }
        }
        if !isStarted { answer.give(.failure(noThread(subject))) }
        let result = await withTaskCancellationHandler {
            await answer.value()
        } onCancel: {
            stop.stop()
            answer.give(.failure(.cancelled(subject)))
        }
        return try result.get()
    }

    package static func noThread(_ subject: String) -> SourceError {
        SourceError(
            .unreachable, subject: subject, message: "the system refused a thread for the connection",
            advice: "look at the limits on tasks and memory")
    }
}

/// A value that is given once and awaited once; the first one given counts.
package final class OneAnswer<Value: Sendable>: Sendable {
    private enum State {
        case empty
        case awaited(CheckedContinuation<Value, Never>)
        case given(Value)
    }

    private let state = Mutex(State.empty)

    package init() {}

    package func give(_ value: Value) {
        let waiter: CheckedContinuation<Value, Never>? = state.withLock { state in
            switch state {
            case .given: return nil
            case .empty:
                state = .given(value)
                return nil
            case .awaited(let continuation):
                state = .given(value)
                return continuation
            }
        }
        waiter?.resume(returning: value)
    }

    package func value() async -> Value {
        await withCheckedContinuation { continuation in
            let value: Value? = state.withLock { state in
                if case .given(let value) = state { return value }
                state = .awaited(continuation)
                return nil
            }
            if let value { continuation.resume(returning: value) }
        }
    }
}
