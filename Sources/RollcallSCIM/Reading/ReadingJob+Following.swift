import RollcallCore

/// Reads what has changed since a mark, and the numbers by which the run proves that nothing is gone.
///
/// Whatever is not as it should be is thrown, so that everything is read instead: a change that is not seen here would not be seen
/// before the next full reading.
extension ReadingJob {
    /// So many changed groups are asked for by themselves; for more, reading everything is hardly more.
    private static let mostGroups = 500

    func follow(_ mark: FollowMark) throws(SourceError) -> ReadProof {
        guard let begun = facts.answered else { throw unfollowed("the service does not say what time it is (the Date of its answers)") }
        guard begun >= mark.since else {
            throw unfollowed("by its clock it is \(begun.wholeSeconds), and changes since \(mark.since.wholeSeconds) would be asked for")
        }
        if request.readsGroups { try readChangedGroups(mark) }
        groupPages = pages
        try readUsers(changedSince: mark.since)
        decoder.finish()
        try deliver(always: true)
        guard passedOver == 0 else {
            throw unfollowed("\(passedOver) came that the filters of source leave out, so its totals count others than ours")
        }
        let users = try count(.user)
        let groups = request.readsGroups ? try count(.group) : 0
        var proof = proof
        proof.extent = .changes
        proof.followMark = FollowMark(since: since(begun), users: users, groups: groups, readWhole: mark.readWhole)
        return proof
    }

    /// How many there are now, whenever they were changed.
    private func count(_ kind: EntryKind) throws(SourceError) -> Int {
        pages += 1
        return try connection.total(kind, filter(of: kind)?.description)
    }

    private func readChangedGroups(_ mark: FollowMark) throws(SourceError) {
        var changed: [GroupCandidate] = []
        let take: (JSONElement, String?) throws(SourceError) -> Void = { [self] (resource, repeated) throws(SourceError) in
            guard let group = decoder.candidate(resource, repeating: repeated) else { return }
            guard changed.count < ReadingJob.mostGroups else {
                throw unfollowed("more than \(ReadingJob.mostGroups) groups have changed, too many to ask for one by one")
            }
            changed.append(group)
        }
        let asked = groupAttributes(withMembers: settings.groupMembers != .each)
        try readAll(.group, asked, settings.groupFilter, changedSince: mark.since, take: take, afterPage: {})
        var groups: [GroupCandidate] = []
        for group in changed { groups.append(try completed(group)) }
        let isOpen = settings.groupMembers == .auto && groups.allSatisfy { $0.memberCount == 0 }
        if isOpen, let empty = groups.first(where: { !$0.isSilent }) {
            throw unfollowed(
                "no group that has changed shows a member, such as \(empty.name); whether it is empty takes all of them to tell")
        }
        for group in groups {
            decoder.deliver(group)
            try deliver(always: false)
        }
    }

    /// The group with the members that it shows by itself.
    ///
    /// - Throws: ``SourceError`` when they may be others than a whole reading would find.
    private func completed(_ listed: GroupCandidate) throws(SourceError) -> GroupCandidate {
        var group = listed
        guard try readAlone(&group) else { throw unfollowed("group \(listed.name) was in the list, and is not there by itself") }
        let (inList, alone) = (listed.memberCount, group.memberCount)
        guard alone >= inList, settings.groupMembers != .list || listed.isSilent || alone == inList else {
            throw unfollowed("the list shows \(inList) members of group \(listed.name), and by itself it has \(alone)")
        }
        guard group.tellsKinds else {
            throw unfollowed("members of group \(listed.name) do not say whether they are users or groups, which takes all of both to tell")
        }
        return group
    }

    private func unfollowed(_ message: String) -> SourceError {
        SourceError(.incomplete, subject: connection.base.description, message: message)
    }
}
