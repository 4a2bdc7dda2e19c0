import RollcallCore

/// Finds out where the members of groups can be read, and reads them there: never is a silent list taken for empty groups.
///
/// | `group_members` | members come from |
/// | --- | --- |
/// | list | the list of groups |
/// | each | every group that a rule means or reaches, asked for by itself |
/// | from_users | the `groups` of the users |
/// | auto | the list, when a group that has members there has as many by itself; else each group, when one has members by itself; else the users, when they have groups; else they are not known |
final class GroupMembership {
    private enum Way {
        /// Groups are kept until one with members is found.
        case open
        case list
        case each
        case fromUsers
    }

    private let job: ReadingJob
    private var way: Way
    private let isAuto: Bool
    /// Groups that are not handed on yet.
    private var waiting: [GroupCandidate] = []
    /// The group with most members in the list, and how many it was asked about by itself.
    private var largest: (id: [UInt8], name: Text, count: Int)?
    private var proved = 0

    /// So many groups are asked for by themselves to find one that shows members.
    private static let mostProbes = 20

    init(_ job: ReadingJob) {
        self.job = job
        isAuto = job.settings.groupMembers == .auto
        way =
            switch job.settings.groupMembers {
            case .auto: job.lessons.all.listCutsMembers ? .each : .open
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
        let asksMembers = way == .open || way == .list
        let asked = job.request.isRaw ? [] : job.groupAttributes(withMembers: asksMembers)
        let take: (JSONElement, String?) throws(SourceError) -> Void = { [self] (resource, repeated) throws(SourceError) in
            guard let group = job.decoder.candidate(resource, repeating: repeated) else { return }
            note(group)
            guard way == .list else { return waiting.append(group) }
            job.decoder.deliver(group)
            try job.deliver(always: false)
        }
        try job.readAll(.group, asked, job.request.isRaw ? nil : job.settings.groupFilter, take: take) { [self] () throws(SourceError) in
            if way == .open, largest != nil { try decide() }
        }
        switch way {
        case .open: try look()
        case .list: if isAuto { try checkLargest() }
        case .each, .fromUsers: break
        }
        switch way {
        case .each: try readEach()
        case .fromUsers: gather()
        case .open, .list: try deliverWaiting()
        }
    }

    /// Hands on the groups whose members came with the users.
    func finish() throws(SourceError) {
        guard way == .fromUsers, let memberships = job.decoder.memberships else { return }
        for var group in waiting {
            if memberships.hasSeen { group.take(memberships.members(of: group.id)) } else { group.doubt(doubt) }
            job.decoder.deliver(group)
            try job.deliver(always: false)
        }
        if isAuto {
            remark(
                memberships.hasSeen
                    ? "neither the list nor a group by itself shows members; they are read from the groups of users"
                    : "neither the list, nor a group by itself, nor any user shows members; whether groups are empty cannot be told")
        }
        waiting = []
    }

    private var doubt: String {
        isAuto
            ? "the service shows no member anywhere; if its groups are empty indeed, set source.group_members"
            : "no user shows a group"
    }

    // MARK: - auto

    private func note(_ group: GroupCandidate) {
        guard isAuto, group.memberCount > (largest?.count ?? 0) else { return }
        largest = (group.id, group.name, group.memberCount)
    }

    /// Compares the largest group so far with what it says by itself.
    private func decide() throws(SourceError) {
        guard let largest else { return }
        let alone = try memberCount(of: largest.id)
        guard let alone, alone > largest.count else {
            way = .list
            proved = largest.count
            if alone == nil {
                remark("the list of groups shows members: \(largest.name) has \(largest.count) there, and by itself it shows none")
            }
            return try deliverWaiting()
        }
        way = .each
        remark(
            "the list of groups cuts members: \(largest.name) has \(largest.count) there and \(alone) by itself; groups are read one by one"
        )
    }

    /// A list may cut at a length that the group asked about did not reach.
    private func checkLargest() throws(SourceError) {
        guard let largest, largest.count > proved, let alone = try memberCount(of: largest.id), alone > largest.count else { return }
        job.lessons.learn { $0.listCutsMembers = true }
        throw SourceError(
            .unstable, subject: job.connection.base.description,
            message: "the list of groups cuts members: \(largest.name) has \(largest.count) there and \(alone) by itself",
            advice: "set source.group_members: each")
    }

    /// Looks for a group that shows members by itself, those that rules mean first.
    private func look() throws(SourceError) {
        let meant = waiting.filter { isMeant($0) } + waiting.filter { !isMeant($0) }
        for group in meant.prefix(GroupMembership.mostProbes) {
            if let count = try memberCount(of: group.id), count > 0 {
                way = .each
                return remark("the list of groups shows no members, and \(group.name) has \(count) by itself; groups are read one by one")
            }
        }
        way = waiting.isEmpty ? .list : .fromUsers
    }

    private func memberCount(of id: [UInt8]) throws(SourceError) -> Int? {
        var group = waiting.first { $0.id == id } ?? job.decoder.blank(id)
        guard try job.readAlone(&group), !group.isSilent else { return nil }
        return group.memberCount
    }

    // MARK: - One by one

    private func isMeant(_ group: GroupCandidate) -> Bool {
        job.request.isRaw || job.request.means(Anchor(group.id), group.name)
    }

    /// Asks for every group that a rule means, and for those among their members, and theirs.
    private func readEach() throws(SourceError) {
        var places: [[UInt8]: Int] = [:]
        for (place, group) in waiting.enumerated() { places[group.id] = place }
        var isRead = Array(repeating: false, count: waiting.count)
        var next = waiting.indices.filter { isMeant(waiting[$0]) }
        while let place = next.popLast() {
            if isRead[place] { continue }
            isRead[place] = true
            if try !job.readAlone(&waiting[place]) {
                waiting[place].doubt("it was in the list of groups, and is not there when asked for by itself")
            }
            next += waiting[place].groupIDs.compactMap { places[$0] }.filter { !isRead[$0] }
        }
        for place in waiting.indices where !isRead[place] { waiting[place].doubt("no rule reaches it") }
        try deliverWaiting()
    }

    // MARK: - From users

    private func gather() {
        let ids = Set(waiting.filter { isMeant($0) }.map(\.id))
        job.decoder.memberships = UserMemberships { ids.contains($0) }
    }

    private func deliverWaiting() throws(SourceError) {
        for group in waiting {
            job.decoder.deliver(group)
            try job.deliver(always: false)
        }
        waiting = []
    }

    private func remark(_ sentence: String) {
        job.remarks.append(Text("group_members: \(sentence)"))
    }
}
