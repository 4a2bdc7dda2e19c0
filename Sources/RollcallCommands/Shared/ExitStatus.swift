internal import ArgumentParser
internal import RollcallCore

/// How a command ends, for the scripts that call it. The first that applies, in the order of `precedence`, wins.
enum ExitStatus: Int32 {
    case done = 0
    case failed = 1
    case pending = 2
    case held = 3
    case conflicts = 4
    case incomplete = 5
    case locked = 6
    case usage = 64
    case config = 78

    /// The status of a run.
    init(_ record: RunRecord, isLockedOut: Bool) {
        if isLockedOut {
            self = .locked
        } else if record.outcome == .failed || record.outcome == .stale {
            self = .failed
        } else if record.outcome == .incomplete {
            self = .incomplete
        } else if record.outcome == .held || record.summary.held > 0 {
            self = .held
        } else if record.mode.isReal, record.summary.newConflict > 0 {
            self = .conflicts
        } else if record.mode == .plan, record.summary.changes > 0 {
            self = .pending
        } else if record.summary.undecidedActive > 0 {
            self = .conflicts
        } else {
            self = .done
        }
    }

    /// The status for what the store said.
    init(_ error: StoreError) {
        self = error.code == .locked ? .locked : .failed
    }

    /// What ends a command so.
    var exit: ExitCode { ExitCode(rawValue) }
}
