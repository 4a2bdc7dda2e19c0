import RollcallCore
import RollcallReading
import RollcallTesting

/// A call on a thread of its own that is told to stop while it hangs.
enum StoppedCall {
    /// How it ended, and how long after the stop.
    struct End: Sendable {
        let error: SourceError?
        let took: Duration
    }

    /// - Parameter isHanging: Asked again and again; the stop comes a little after it says so.
    static func run(
        when isHanging: () throws -> Bool, _ body: @escaping @Sendable (StopSignal) throws(SourceError) -> Void
    ) async throws -> End {
        let stop = StopSignal()
        let ended = OneAnswer<(SourceError?, ContinuousClock.Instant)>()
        let isStarted = WorkerThread.start {
            do throws(SourceError) {
                try body(stop)
                ended.give((nil, .now))
            } catch {
                ended.give((error, .now))
            }
        }
        guard isStarted else { throw ChildProcess.Failure("no thread") }
        for _ in 0..<1000 {
            if try isHanging() { break }
            try await Task.sleep(for: .milliseconds(5))
        }
        try await Task.sleep(for: .milliseconds(50))
        let start = ContinuousClock.now
        stop.stop()
        let (error, end) = await ended.value()
        return End(error: error, took: end - start)
    }
}
