import RollcallCore
import Synchronization

/// One reading of a snapshot in progress. Nothing is read ahead: each call of ``next()`` reads until there is something to hand over.
actor SnapshotReading: DirectoryReading {
    private enum Stage {
        case reading(SnapshotScan)
        case whole
        case over
    }

    private let content: SnapshotContent
    private let decoder: any RawDecoder
    private let readsGroups: Bool
    private var stage: Stage
    private var users = 0
    private var groups = 0
    private var rejected = 0
    private let isCancelled = Atomic<Bool>(false)

    init(_ content: SnapshotContent, _ request: ReadRequest) throws(SourceError) {
        self.content = content
        readsGroups = request.readsGroups
        decoder = content.replay.decoder(request, content.scope, server: content.facts.proof.server)
        stage = .reading(try SnapshotScan(content))
    }

    func next() throws(SourceError) -> ReadStep {
        do throws(SourceError) {
            return try step()
        } catch {
            stage = .over
            throw error
        }
    }

    nonisolated func cancel() {
        isCancelled.store(true, ordering: .relaxed)
    }

    private func step() throws(SourceError) -> ReadStep {
        while true {
            if isCancelled.load(ordering: .relaxed) { throw over("the reading was cancelled") }
            switch stage {
            case .reading(let scan):
                let isMore = try scan.advance { frame in
                    if case .entry(let entry) = frame { decoder.take(entry) } else { true }
                }
                if !isMore { stage = .whole }
                let batch = isMore ? decoder.takeBatch() : decoder.takeLastBatch()
                users += batch.users.count
                groups += batch.groups.count
                rejected += batch.rejected.count
                if batch.count > 0 { return .batch(batch) }
            case .whole:
                stage = .over
                return .end(proof)
            case .over:
                throw over("the reading is over")
            }
        }
    }

    /// The proof of the time, over the entries of now. A reading without groups would have had fewer pages.
    private var proof: ReadProof {
        var proof = content.facts.proof
        proof.users = users
        proof.groups = groups
        proof.rejected = rejected
        if !readsGroups, let share = proof.groupSearch {
            proof.pages -= min(share.pages, proof.pages)
            proof.referralsIgnored -= min(share.referralsIgnored, proof.referralsIgnored)
        }
        proof.groupSearch = nil
        proof.remarks += decoder.remarks
        return proof
    }

    private func over(_ message: String) -> SourceError {
        SourceError(.cancelled, subject: content.path, message: message)
    }
}
