import RollcallCore

/// Compares what the list of groups shows of members with what the groups show by themselves (`group_members: auto`).
///
/// Only groups that a rule means are looked at, and those below them.
///
/// | the group | its members are |
/// | --- | --- |
/// | is one of the first 200 | those that it shows by itself, unless the list shows more |
/// | shows none in the list, or as many as the largest there | the same |
/// | is another one, and the list has been right so far | those in the list |
/// | is another one otherwise | those that it shows by itself |
/// | shows none in both | none, if some group has shown members by itself; else not known |
final class ListComparison {
    private enum State {
        /// No rule has reached it yet.
        case unseen
        /// The list is believed of it.
        case believed
        /// It shows fewer by itself than in the list, which is believed.
        case listed
        /// It shows no member, and that is an answer when `isAnswer`.
        case silent(isAnswer: Bool)
        case handedOn
    }

    private let job: ReadingJob
    private var groups: [ListedGroup]
    private var states: [State]
    private var places: [[UInt8]: Int] = [:]
    /// The most members that the list shows of one group.
    private let most: Int
    private var asked = 0
    /// Whether a group has more members by itself than in the list.
    private var isCut = false
    /// Whether some group has shown members by itself.
    private var showsAlone = false
    /// A group that shows members in the list and none by itself.
    private var silentAlone: ListedGroup?

    /// So many groups are asked for by themselves however the list looks.
    private static let mostCompared = 200
    /// So many groups are asked for by themselves to find one that shows members.
    private static let mostProbes = 20

    static let notThere = "it was in the list of groups, and is not there when asked for by itself"

    init(_ job: ReadingJob, _ groups: [ListedGroup]) {
        self.job = job
        self.groups = groups
        states = Array(repeating: .unseen, count: groups.count)
        most = groups.reduce(0) { max($0, $1.shown ?? 0) }
        for (place, group) in groups.enumerated() { places[group.id] = place }
    }

    /// Finds the members of all groups and hands the groups on.
    ///
    /// - Returns: The groups, when neither the list nor any of them by itself shows a member; else `nil`.
    func settle() throws(SourceError) -> [ListedGroup]? {
        var next = Array(groups.indices.filter { job.isMeant(groups[$0]) }.reversed())
        repeat {
            while let place = next.popLast() { next += try visit(place) }
            if !isCut { try probe() }
            // What was believed before the list turned out to cut is asked for as well.
            if isCut { next = takeBelieved() }
        } while !next.isEmpty
        let hasSilent = states.contains { if case .silent = $0 { true } else { false } }
        if most == 0, !showsAlone, hasSilent { return groups }
        if !showsAlone, let group = silentAlone {
            job.remark("the list of groups shows members: \(group.name) has \(group.shown ?? 0) there, and by itself it shows none")
        }
        for place in groups.indices { try handOn(place) }
        return nil
    }

    /// Finds the members of a group, and gives the places of those among them that are groups.
    private func visit(_ place: Int) throws(SourceError) -> [Int] {
        guard case .unseen = states[place], let group = groups[place].group else { return [] }
        guard mustAsk(groups[place]) else {
            states[place] = groups[place].shown ?? 0 > 0 ? .believed : .silent(isAnswer: false)
            return below(group)
        }
        let (answer, count) = try ask(place)
        let shown = groups[place].shown ?? 0
        if answer.isRejected || count ?? 0 >= max(shown, 1) {
            states[place] = .handedOn
            groups[place].group = nil
            try job.hand(answer)
            return below(answer)
        }
        if shown > 0 {
            states[place] = .listed
            // What is more than could be held is not known then.
            return groups[place].isKept ? below(group) : []
        }
        states[place] = .silent(isAnswer: count != nil)
        if count != nil { groups[place].group = answer }
        return []
    }

    private func below(_ group: GroupCandidate) -> [Int] { group.groupIDs.compactMap { places[$0] } }

    private func mustAsk(_ group: ListedGroup) -> Bool {
        // A service that shows none of so many by themselves shows no other either.
        if asked >= ListComparison.mostProbes, !showsAlone { return false }
        let shown = group.shown ?? 0
        return asked < ListComparison.mostCompared || isCut || shown == 0 || shown == most || !group.isKept
    }

    /// Asks for a group by itself.
    ///
    /// - Returns: What it says, and how many members it shows; `nil` when it is not there or says nothing of them.
    private func ask(_ place: Int) throws(SourceError) -> (GroupCandidate, Int?) {
        let listed = groups[place]
        var answer = listed.group ?? job.decoder.blank(listed.id)
        asked += 1
        let isThere = try job.readAlone(&answer)
        let count = isThere && !answer.isSilent ? answer.memberCount : nil
        let shown = listed.shown ?? 0
        if let count, count > 0 { showsAlone = true }
        if count ?? 0 == 0, shown > 0 { silentAlone = silentAlone ?? listed }
        if let count, count > shown, !isCut {
            isCut = true
            job.remark(
                most == 0
                    ? "the list of groups shows no members, and \(listed.name) has \(count) by itself; groups are read one by one"
                    : "the list of groups cuts members: \(listed.name) has \(shown) there and \(count) by itself; groups are read one by one"
            )
        }
        return (answer, count)
    }

    /// Asks for further groups: for the largest when others are believed, and for some that may show members when none has.
    private func probe() throws(SourceError) {
        var isBelieving = false
        var isSilent = false
        for state in states {
            switch state {
            case .believed: isBelieving = true
            case .silent(let isAnswer): isSilent = isSilent || isAnswer
            case .unseen, .listed, .handedOn: break
            }
        }
        let unseen = groups.indices.filter { if case .unseen = states[$0] { true } else { false } }
        if isBelieving, let largest = unseen.first(where: { groups[$0].shown == most }) { _ = try ask(largest) }
        guard isSilent, !showsAlone else { return }
        for place in unseen.sorted(by: { groups[$0].shown ?? 0 > groups[$1].shown ?? 0 }).prefix(ListComparison.mostProbes) {
            _ = try ask(place)
            if showsAlone { return }
        }
    }

    private func takeBelieved() -> [Int] {
        var taken: [Int] = []
        for place in groups.indices {
            guard case .believed = states[place] else { continue }
            states[place] = .unseen
            taken.append(place)
        }
        return taken
    }

    private func handOn(_ place: Int) throws(SourceError) {
        guard var group = groups[place].group else { return }
        groups[place].group = nil
        switch states[place] {
        case .handedOn: break
        case .unseen: group.doubt("no rule reaches it")
        case .believed, .listed:
            if !groups[place].isKept { group.doubt("the list shows too much to be held, and by itself it shows less") }
        case .silent(let isAnswer):
            if !isAnswer || !showsAlone { group.doubt(doubt(of: groups[place], isAnswer)) }
        }
        try job.hand(group)
    }

    private func doubt(of group: ListedGroup, _ isAnswer: Bool) -> String {
        guard group.shown != nil else { return "it says nothing of them in the list, and shows none by itself" }
        let alone = isAnswer ? "no group shows any by itself" : "by itself it does not say"
        return "it shows none in the list, and \(alone); if it is empty indeed, set source.group_members: list"
    }
}
