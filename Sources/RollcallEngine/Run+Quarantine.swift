import RollcallCore

/// A source that fails again and again is tried less often: the daemon's schedule says when that begins, the store remembers it.
extension Run {
    /// Puts the source into quarantine when this failure was the last straw, and says so in the run's reason.
    ///
    /// - Returns: whether the store has kept that. If not, the schedule's own memory is all there is, and the next failure tries again.
    func noteFailure(_ record: inout RunRecord, _ session: any StoreSession) -> Bool {
        guard request.isLastStraw, record.outcome == .incomplete else { return false }
        let reason = record.reason ?? ""
        record.reason = reason.isEmpty ? Quarantine.sentence : "\(reason); \(Quarantine.sentence)"
        do {
            try session.quarantine(since: record.started, reason: reason)
            return true
        } catch {
            return false
        }
    }

    /// Ends the quarantine: the source was read whole.
    func noteSuccess(_ record: RunRecord, _ session: any StoreSession) {
        guard request.mode.isReal, let proof = record.source.proof, proof.extent != .lastSnapshot, session.basis.quarantined != nil else {
            return
        }
        try? session.quarantine(since: nil, reason: "")
    }
}
