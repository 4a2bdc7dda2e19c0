import RollcallCore

/// A group of the list that is not handed on yet.
struct ListedGroup {
    let id: [UInt8]
    let name: Text
    /// How many members the list shows; `nil` when it says nothing of them.
    let shown: Int?
    /// The group as it would be handed on; `nil` once it was.
    var group: GroupCandidate?
    /// Whether `group` has the members that the list shows.
    private(set) var isKept = true

    init(_ group: GroupCandidate) {
        id = group.id
        name = group.name
        shown = group.isSilent ? nil : group.memberCount
        self.group = group
    }

    /// Lets go of the members, which are to be asked for again when they are needed.
    mutating func drop() {
        isKept = false
        group?.doubt("no rule reaches it")
    }
}
