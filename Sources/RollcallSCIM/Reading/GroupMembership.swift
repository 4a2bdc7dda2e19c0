import RollcallCore

/// Finds out where the members of groups can be read, and reads them there: never is a silent list taken for empty groups.
///
/// | `group_members` | members come from |
/// | --- | --- |
/// | list | the list of groups |
/// | each | every group that a rule means or reaches, asked for by itself |
/// | from_users | the `groups` of the users |
/// | auto | what ``ListComparison`` finds; the users, when no group shows a member anywhere |
final class GroupMembership {
    private enum Way {
        case auto
        case list
        case each
        case fromUsers
    }

    private let job: ReadingJob
    private var way: Way
    private let isAuto: Bool
    /// Groups that are not handed on yet.
    private var waiting: [ListedGroup] = []
    /// About the bytes of those.
    private var held = 0

    /// So many bytes of groups are held until they are compared.
    private static let mostHeld = 64 << 20

    init(_ job: ReadingJob) {
        self.job = job
        isAuto = job.settings.groupMembers == .auto
        way =
            switch job.settings.groupMembers {
            case .auto: .auto
            case .list: .list
            case .each: .each
            case .fromUsers: .fromUsers
            }
    }

    /// What users are to be asked for beside what the rules read.
    var userAttributes: [String] { isFromUsers ? ["groups"] : [] }

    /// Whether members come from the users.
    var isFromUsers: Bool { way == .fromUsers }

    func readGroups() throws(SourceError) {
        let asksMembers = way == .auto || way == .list
        let asked = job.request.isRaw ? [] : job.groupAttributes(withMembers: asksMembers)
        let take: (JSONElement, String?) throws(SourceError) -> Void = { [self] (resource, repeated) throws(SourceError) in
            guard let group = job.decoder.candidate(resource, repeating: repeated) else { return }
            guard way == .list else { return keep(group) }
            try job.hand(group)
        }
        try job.readAll(.group, asked, job.request.isRaw ? nil : job.settings.groupFilter, take: take, afterPage: {})
        switch way {
        case .list: break
        case .each: try readEach()
        case .fromUsers: gather()
        case .auto:
            let comparison = ListComparison(job, waiting)
            waiting = []
            guard let rest = try comparison.settle() else { return }
            way = .fromUsers
            waiting = rest
            gather()
        }
    }

    /// Hands on the groups whose members came with the users.
    func finish() throws(SourceError) {
        guard way == .fromUsers, let memberships = job.decoder.memberships else { return }
        for listed in waiting {
            guard var group = listed.group else { continue }
            memberships.complete(&group)
            try job.hand(group)
        }
        if isAuto {
            job.remark(
                memberships.hasSeen
                    ? "neither the list nor a group by itself shows members; they are read from the groups of users"
                    : "neither the list, nor a group by itself, nor any user shows members; whether groups are empty cannot be told")
        }
        waiting = []
    }

    /// Holds a group, without its members when they will be asked for anyway or all of them together are too much.
    private func keep(_ group: GroupCandidate) {
        var listed = ListedGroup(group)
        if way != .auto || held + group.byteCount > GroupMembership.mostHeld { listed.drop() }
        held += listed.group?.byteCount ?? 0
        waiting.append(listed)
    }

    /// Asks for every group that a rule means, and for those among their members, and theirs.
    private func readEach() throws(SourceError) {
        var places: [[UInt8]: Int] = [:]
        for (place, group) in waiting.enumerated() { places[group.id] = place }
        var next = waiting.indices.filter { job.isMeant(waiting[$0]) }
        while let place = next.popLast() {
            guard var group = waiting[place].group else { continue }
            waiting[place].group = nil
            if try !job.readAlone(&group) { group.doubt(ListComparison.notThere) }
            next += group.groupIDs.compactMap { places[$0] }
            try job.hand(group)
        }
        for listed in waiting { if let group = listed.group { try job.hand(group) } }
        waiting = []
    }

    private func gather() {
        let ids = Set(waiting.filter { job.isMeant($0) }.map(\.id))
        job.decoder.memberships = UserMemberships(believesAbsence: !isAuto) { ids.contains($0) }
    }
}

extension ReadingJob {
    /// Hands a group on to the decoder, and a batch to the run when it is full.
    func hand(_ group: GroupCandidate) throws(SourceError) {
        decoder.deliver(group)
        try deliver(always: false)
    }

    /// Whether some rule means the group; a snapshot is for any rules.
    func isMeant(_ group: ListedGroup) -> Bool { request.isRaw || request.means(Anchor(group.id), group.name) }

    /// Says how the members of groups were read.
    func remark(_ sentence: String) { remarks.append(Text("group_members: \(sentence)")) }
}
