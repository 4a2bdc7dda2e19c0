import RollcallCore

/// From where on changes can be asked for, after everything was read.
///
/// Whoever is gone shows in the service's own numbers alone, so those have to count exactly what was delivered. And a service may
/// take a filter by `meta.lastModified` and yet find nothing by it, so that is tried: of all times it must find everything.
extension ReadingJob {
    /// Changes so much older than the first answer are asked for again. Clocks differ, and what is written late may have an early time.
    static let overlap = Span(seconds: 10 * 60)

    /// Where the next reading that follows begins; `nil` when there can be none, which is then remarked.
    func followMark(_ membership: GroupMembership) throws(SourceError) -> FollowMark? {
        guard settings.follows, !request.isRaw else { return nil }
        let mark = try markOrReason(membership)
        if case .reason(let reason) = mark { remarks.append(Text("follow: the next run will read everything again, for \(reason)")) }
        guard case .mark(let mark) = mark else { return nil }
        return mark
    }

    private enum Found {
        case mark(FollowMark)
        case reason(String)
    }

    private func markOrReason(_ membership: GroupMembership) throws(SourceError) -> Found {
        guard facts.filters == true else { return .reason("the service does not say that it can filter") }
        guard !lessons.all.filterIsUnproved else { return .reason("totalResults does not count what the filter selects") }
        guard let begun = facts.answered else { return .reason("the service does not say what time it is (the Date of its answers)") }
        if request.readsGroups, membership.isFromUsers {
            return .reason("members of groups are known from the users alone, who need not have changed when they join one")
        }
        guard delivered.rejected == 0 else { return .reason("some of what came cannot be used") }
        guard passedOver == 0 else {
            return .reason("the service lists \(passedOver) that the filters of source leave out, and counts them")
        }
        var counts: [EntryKind: Int] = [.group: 0]
        for kind in request.readsGroups ? [EntryKind.user, .group] : [.user] {
            guard let total = totals[kind] else { return .reason("the service does not say how many there are (totalResults)") }
            if let reason = try doubt(kind, total) { return .reason(reason) }
            counts[kind] = total
        }
        return .mark(
            FollowMark(since: since(begun), users: counts[.user] ?? 0, groups: counts[.group] ?? 0, readWhole: .earliest))
    }

    /// From where on to ask, by when a reading began; never later than now by our clock.
    func since(_ begun: Instant) -> Instant { min(begun, .now) - ReadingJob.overlap }

    /// How many came that the filters of the config leave out.
    var passedOver: Int {
        decoder.count(of: .user) + decoder.count(of: .group) - delivered.users - delivered.groups - delivered.rejected
    }

    /// The filter of one kind, as the service is asked for it.
    func filter(of kind: EntryKind) -> ScimFilter? { kind == .user ? settings.userFilter : settings.groupFilter }

    /// Why asking for changes would not show them; `nil` when it would.
    private func doubt(_ kind: EntryKind, _ total: Int) throws(SourceError) -> String? {
        let name = kind == .user ? "users" : "groups"
        do throws(SourceError) {
            let found = try connection.total(kind, ScimFilter.text(changedSince: .epoch, and: filter(of: kind)))
            pages += 1
            return found == total ? nil : "by \(ScimFilter.lastModified) the service finds \(found) \(name) of \(total)"
        } catch {
            if error.code == .cancelled { throw error }
            // What was read is whole all the same.
            return "asking for \(name) by \(ScimFilter.lastModified) failed: \(error.message)"
        }
    }
}
