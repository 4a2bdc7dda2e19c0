internal import RollcallCore

/// The names of the groups along a way, the mapped one first, and what stands for their ids. Ways lie in `temp.way`; a few thousand of
/// them are kept as names.
final class GroupPaths {
    /// The most groups that a way is shown with; of a longer one the middle is left out.
    static let longest = 12
    private static let mostKept = 4_096

    private let way: Statement
    private let name: Statement
    /// One way.
    struct Shown {
        var path: [Text]
        /// Stands for the immutable ids along the way; see ``ChangeBinding``.
        var origin: ShortDigest?
    }

    private var kept: [Int64: Shown] = [:]

    init(_ connection: Connection) throws(StoreError) {
        way = try connection.prepare("SELECT member_group, parent, depth, head, origin FROM temp.way WHERE id = ?1")
        name = try connection.prepare("SELECT name FROM temp.staged_group WHERE id = ?1")
    }

    func way(_ id: Int64) throws(StoreError) -> Shown {
        if let shown = kept[id] { return shown }
        let shown = try read(id)
        if kept.count >= GroupPaths.mostKept { kept.removeAll(keepingCapacity: true) }
        kept[id] = shown
        return shown
    }

    private func read(_ id: Int64) throws(StoreError) -> Shown {
        way.bind(1, id)
        guard try way.step() else {
            way.reset()
            return Shown(path: [])
        }
        let (depth, head, origin) = (Int(way.number(2)), way.number(3), way.shortDigest(4))
        way.reset()
        if depth < GroupPaths.longest { return Shown(path: try names(upFrom: id, atMost: GroupPaths.longest), origin: origin) }
        let leftOut = depth + 1 - GroupExpansion.beginning - GroupExpansion.end
        let path =
            try names(upFrom: head, atMost: GroupExpansion.beginning) + [Text("… \(leftOut) more …")]
            + names(upFrom: id, atMost: GroupExpansion.end)
        return Shown(path: path, origin: origin)
    }

    /// The last names of a way.
    private func names(upFrom id: Int64, atMost limit: Int) throws(StoreError) -> [Text] {
        var names: [Text] = []
        var next: Int64? = id
        while let current = next, names.count < limit {
            way.bind(1, current)
            defer { way.reset() }
            guard try way.step() else { break }
            name.bind(1, way.number(0))
            names.append(try name.step() ? name.text(0) : .empty)
            name.reset()
            next = way.optionalNumber(1)
        }
        return names.reversed()
    }
}
