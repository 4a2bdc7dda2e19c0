import RollcallCore

/// Why a run ended without applying anything.
struct RunFailure: Error {
    let outcome: RunRecord.Outcome
    let reason: String
    /// The reason without whom it names; `nil` when it names nobody.
    var impersonal: String?
    /// Whether another pass may succeed at once.
    let mayTryAgain: Bool
    var isLock = false
    /// Whether a later run may succeed without anybody's doing.
    var isTransient = false
    /// Whether a run that asked for changes only should read everything instead.
    var endsFollowing = false

    /// The reading contradicts itself.
    static func notWhole(_ what: String) -> RunFailure {
        RunFailure(outcome: .incomplete, reason: "the reading was not whole: \(what); look at the directory server", mayTryAgain: true)
    }

    /// The reading lacks what is there.
    static func missed(_ anchor: Anchor) -> RunFailure {
        var failure = notWhole(
            "the reading did not have \(DisplayEscaping.escapedForTerminal("\(anchor)")), but it is there when it is looked up")
        failure.impersonal = notWhole("it did not have an entry that is there when it is looked up").reason
        return failure
    }

    /// What was approved can no longer be carried out as it was reviewed.
    static func stale(_ why: String) -> RunFailure {
        RunFailure(outcome: .stale, reason: why, mayTryAgain: false)
    }

    /// The server knows less than the last applied run did.
    static func behind(server: String, now: String, before: String) -> RunFailure {
        RunFailure(
            outcome: .incomplete,
            reason:
                "\(server): its data is older than what the last applied run read (contextCSN \(now), was \(before)); wait until the replica has caught up, name another server first, or take it as it is with `rollcall source accept`",
            mayTryAgain: false)
    }

    /// What has changed is not enough to go by.
    static func notFollowed(_ why: String) -> RunFailure {
        var failure = RunFailure(outcome: .incomplete, reason: why, mayTryAgain: true)
        failure.endsFollowing = true
        return failure
    }

    /// Why everything was read although changes had been asked for.
    var followingWarning: Text { Text("asking for changes only was not enough, so everything was read: \(reason)") }

    private init(outcome: RunRecord.Outcome, reason: String, mayTryAgain: Bool) {
        self.outcome = outcome
        self.reason = reason
        self.mayTryAgain = mayTryAgain
        isTransient = outcome == .incomplete
    }

    init(_ error: any Error) {
        switch error {
        case let failure as RunFailure: self = failure
        case let error as SourceError:
            outcome = error.code == .cancelled ? .failed : .incomplete
            reason = error.description
            mayTryAgain = error.code == .unstable
            isTransient = error.isTransient
            // A service may understand a reading and not a question about changes.
            endsFollowing = [.incomplete, .unstable, .malformed].contains(error.code)
        case let error as StoreError:
            endsFollowing = error.code == .contradictory || error.code == .notEnough
            outcome = endsFollowing ? .incomplete : .failed
            reason = error.description
            if error.code == .contradictory { impersonal = error.withoutSubject }
            mayTryAgain = error.code == .moved || error.code == .contradictory
            isLock = error.code == .locked
            isTransient = error.isTransient || error.code == .contradictory
        case is CancellationError:
            outcome = .failed
            reason = "the run was told to stop"
            mayTryAgain = false
        default:
            outcome = .failed
            reason = "\(error)"
            mayTryAgain = false
        }
    }
}

extension StoreError {
    /// What is wrong, without the entry that it is about.
    fileprivate var withoutSubject: String { advice.isEmpty ? message : "\(message); \(advice)" }
}
