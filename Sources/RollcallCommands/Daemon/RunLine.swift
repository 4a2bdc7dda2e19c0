internal import Logging
internal import RollcallCore
internal import RollcallEngine

/// The one line that the log has of a run.
struct RunLine {
    let level: Logger.Level
    let message: String
    let metadata: Logger.Metadata

    /// - Parameter isStopping: whether the daemon was told to stop meanwhile, which is no failure.
    init(_ finished: FinishedRun, _ order: RunOrder, took: Duration, isStopping: Bool) {
        let record = finished.record
        let milliseconds = Int(took / .milliseconds(1))
        let outcome = finished.isLockedOut ? "locked_out" : record.outcome.rawValue
        var metadata: Logger.Metadata = [
            "run": "\(record.id)", "outcome": "\(outcome)", "cause": "\(order.cause.rawValue)",
            "changes": .stringConvertible(record.summary.changes), "held": .stringConvertible(record.summary.held),
            "conflicts": .stringConvertible(record.summary.conflict), "milliseconds": .stringConvertible(milliseconds),
            "scheduled_full": .stringConvertible(order.isScheduledFull),
        ]
        for action in Action.allCases where record.summary[action] > 0 {
            metadata[action.rawValue] = .stringConvertible(record.summary[action])
        }
        var parts: [String] = []
        if let proof = record.source.proof {
            metadata["users"] = .stringConvertible(proof.users)
            metadata["groups"] = .stringConvertible(proof.groups)
            let kinds = Action.allCases.filter { record.summary[$0] > 0 }.map { "\($0.rawValue) \(record.summary[$0])" }
            metadata["sync"] = "\(proof.extent.rawValue)"
            parts.append(proof.sentence)
            let changes = record.summary.changes.counted("change")
            parts.append(kinds.isEmpty ? "no changes" : "\(changes) (\(kinds.joined(separator: ", ")))")
            if record.summary.held > 0 { parts.append("\(record.summary.held) held") }
            if record.summary.conflict > 0 { parts.append(record.summary.conflict.counted("conflict")) }
            if record.summary.undecidedActive > 0 {
                metadata["undecided_active"] = .stringConvertible(record.summary.undecidedActive)
                parts.append("\(record.summary.undecidedActive) with access and a status that cannot be told")
            }
        }
        if let plan = record.heldPlan {
            metadata["plan"] = "\(plan)"
            parts.append("plan \(plan) waits")
        }
        if let reason = finished.publicReason {
            metadata["reason"] = "\(reason)"
            parts.append(reason)
        }
        if order.skipped > 0 {
            metadata["skipped"] = .stringConvertible(order.skipped)
            parts.append("\(order.skipped) skipped before it")
        }
        let seconds = "\(milliseconds / 1000).\(milliseconds % 1000 / 100)"
        let scheduled = order.isScheduledFull ? ", scheduled full reading" : ""
        message = "run \(record.id) \(outcome) in \(seconds) s (\(order.cause.rawValue)\(scheduled)): \(parts.joined(separator: ", "))"
        self.metadata = metadata
        level =
            switch record.outcome {
            case _ where isStopping && record.source.proof == nil: .notice
            case .failed: finished.isLockedOut ? .warning : .error
            case .incomplete, .stale: .warning
            case .inSync, .pending, .applied, .appliedPartly, .held: record.summary.undecidedActive > 0 ? .warning : .info
            }
    }
}

extension RunEnding {
    /// What the schedule needs of a run.
    init(_ finished: FinishedRun) {
        let record = finished.record
        let kind: Kind =
            switch record.outcome {
            // Nothing was read: somebody paused the source.
            case .held where record.source.proof == nil: .paused
            case .inSync, .pending, .applied, .appliedPartly, .held, .stale: .done
            case .incomplete: .sourceFailed
            case .failed: finished.isLockedOut ? .lockedOut : .failed
            }
        self.init(kind, reason: finished.publicReason, isTransient: finished.isTransient)
        keptQuarantine = finished.keptQuarantine
    }
}

extension DaemonStatus.Last {
    /// What the status says of a run.
    init(_ finished: FinishedRun) {
        let record = finished.record
        let reason = finished.publicReason ?? "it did not say why"
        self =
            switch record.outcome {
            case .inSync, .pending, .applied, .appliedPartly: .inSync
            // Single changes wait while all else goes on.
            case .held where record.summary.held >= record.summary.changes && !record.isHeldWhole: .inSync
            case .held, .stale: .held(reason)
            case .incomplete: .failed(reason)
            case .failed: finished.isLockedOut ? .lockedOut(reason) : .failed(reason)
            }
    }
}

extension RunRecord {
    /// Whether a guard holds the whole plan, or somebody paused the source.
    fileprivate var isHeldWhole: Bool { guards.contains { $0.verdict == .held && $0.reach == .plan } }
}

extension ReadProof {
    /// What was read.
    fileprivate var sentence: String {
        let all = "\(users.counted("user")) and \(groups.counted("group"))"
        return switch extent {
        case .whole: "\(all) read"
        case .changes: "what has changed among \(all) read"
        case .unchanged: "\(all), the source is as it was"
        case .lastSnapshot: "source not read, \(all) as they were"
        }
    }
}

extension Int {
    /// The number and the noun, in the plural unless it is 1.
    fileprivate func counted(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
