public import RollcallCore

extension Run {
    /// Makes the plan as a dry run does, and finds the linked users whose usernames came with unknown anchors.
    ///
    /// - Returns: the users, and the run; without users when the run could not get so far, as its record says.
    public func movedAnchors() async -> (moved: [MovedAnchor], record: RunRecord, isLockedOut: Bool) {
        var dry = request
        dry.mode = .plan
        dry.consent = .none
        var moved: [MovedAnchor] = []
        let finished = await Run(environment, dry).execute { session, _ in moved = try session.movedAnchors() }
        defer { finished.close() }
        return (moved, finished.record, finished.isLockedOut)
    }
}
