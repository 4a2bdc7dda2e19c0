public import RollcallCore

/// Takes a snapshot: reads a source whole, keeps what it said, and asks it about everybody whom a plan of now would look up.
///
/// The second part is a dry run over what was kept. So a later plan has the answers that the plan of now would have had.
public struct Capture {
    private let environment: RunEnvironment
    private let request: ReadRequest
    private let actor: Text

    /// How often a reading that was not whole is tried again.
    private static let tries = 2

    /// - Parameters:
    ///   - request: What a raw reading asks for beside everything.
    ///   - actor: Who asks: the operating-system user.
    public init(_ environment: RunEnvironment, _ request: ReadRequest, actor: Text) {
        self.environment = environment
        self.request = request
        self.actor = actor
    }

    /// Takes the snapshot. `begin` opens a new draft; none is left behind unless the outcome is ``CaptureOutcome/kept(_:note:)``.
    public func execute(_ begin: () throws -> any SnapshotKeeping) async -> CaptureOutcome {
        var outcome = CaptureOutcome.failed("the snapshot was not tried")
        for attempt in 1...Capture.tries {
            do {
                let draft = try begin()
                defer { draft.discard() }
                return try await pass(draft)
            } catch {
                let failure = RunFailure(error)
                outcome = failure.outcome == .incomplete ? .incomplete(failure.reason) : .failed(failure.reason)
                guard failure.mayTryAgain, attempt < Capture.tries else { break }
            }
        }
        return outcome
    }

    private func pass(_ draft: any SnapshotKeeping) async throws -> CaptureOutcome {
        let proof = try await read(into: draft)
        var rehearsal = environment
        rehearsal.source = try draft.prove(proof, lookingUpIn: environment.source)
        rehearsal.progress = { [show = environment.progress] progress in
            if case .confirming = progress { show(progress) }
        }
        let finished = await Run(rehearsal, RunRequest(mode: .plan, actor: actor)).execute()
        defer { finished.close() }
        try Task.checkCancellation()
        var note: String?
        switch finished.record.outcome {
        case .incomplete: return .incomplete(finished.record.reason ?? "the reading was not whole")
        case .failed, .stale: note = "nobody who is missing was looked up: \(finished.record.reason ?? "the plan failed")"
        case .inSync, .pending, .applied, .appliedPartly, .held: break
        }
        return .kept(try draft.commit(), note: note)
    }

    private func read(into draft: any SnapshotKeeping) async throws -> ReadProof {
        environment.progress(.connecting)
        var request = request
        request.isRaw = true
        let reading = try await environment.source.read(request)
        var count = 0
        do {
            while true {
                try Task.checkCancellation()
                switch try await reading.next() {
                case .batch(let batch):
                    try draft.keep(batch.raw)
                    count += batch.count
                    environment.progress(.reading(count))
                case .end(let proof):
                    guard proof.result == 0 else { throw RunFailure.notWhole("the source ended with result \(proof.result)") }
                    return proof
                }
            }
        } catch {
            reading.cancel()
            throw error
        }
    }
}

/// How taking a snapshot ended.
public enum CaptureOutcome: Sendable {
    /// It is in its place; the note says what it lacks, if anything.
    case kept(SnapshotFacts, note: String?)
    /// The source could not be read whole; nothing was kept.
    case incomplete(String)
    /// Something else failed; nothing was kept.
    case failed(String)
}

/// What a run knows of the snapshot that it reads instead of a live source.
public struct SnapshotUse: Hashable, Sendable {
    /// When the source was read.
    public var taken: Instant
    /// What the snapshot cannot say, by the config of now.
    public var gaps: [Text]

    public init(taken: Instant, gaps: [Text]) {
        self.taken = taken
        self.gaps = gaps
    }
}
