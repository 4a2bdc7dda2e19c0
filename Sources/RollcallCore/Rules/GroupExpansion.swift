/// Walks from the upstream groups of one permission group down to their members, each group once and by the shortest way.
///
/// It is iterative and goes breadth first, so cycles, self-membership, diamonds and ten thousand levels are all the same to it.
public struct GroupExpansion {
    /// A group on the way: its number and the step by which it was reached.
    private struct Step {
        var group: Int
        var root: Int
        var parent: Int?
        var depth: Int
        /// The last step of the beginning of the way that is shown.
        var head: Int
    }

    /// One group that is visited.
    public struct Visit: Hashable, Sendable {
        public var group: Int
        /// The mapped group from which it was reached; itself when it is mapped.
        public var root: Int
        /// How many visits of this walk came before, and which of them led here; `nil` for a mapped group.
        public var number: Int
        public var parent: Int?
        /// How many groups lie above.
        public var depth: Int
        /// The visit that ends the beginning of the way, at most ``beginning`` groups long.
        public var head: Int
    }

    /// How many groups of a way's beginning, and how many of its end, are shown of a long way.
    public static let beginning = 6
    public static let end = 5

    private var steps: [Step] = []
    private var seen: Set<Int> = []

    public init() {}

    /// Visits every group that `roots` reach, nearest first.
    ///
    /// - Parameters:
    ///   - roots: the mapped groups, in the order in which ties are to be decided.
    ///   - nested: whether members that are groups stand for their own members.
    ///   - visit: shows one group, and returns the groups among its members in the order in which ties are to be decided.
    public mutating func walk<Failure: Error>(
        from roots: [Int], nested: Bool, visit: (Visit) throws(Failure) -> [Int]
    ) throws(Failure) {
        steps.removeAll(keepingCapacity: true)
        seen.removeAll(keepingCapacity: true)
        for root in roots where seen.insert(root).inserted {
            steps.append(Step(group: root, root: root, parent: nil, depth: 0, head: steps.count))
        }
        var next = 0
        while next < steps.count {
            let step = steps[next]
            let children = try visit(
                Visit(group: step.group, root: step.root, number: next, parent: step.parent, depth: step.depth, head: step.head))
            if nested {
                for child in children where seen.insert(child).inserted {
                    let isShown = step.depth + 1 < GroupExpansion.beginning
                    steps.append(
                        Step(
                            group: child, root: step.root, parent: next, depth: step.depth + 1,
                            head: isShown ? steps.count : step.head))
                }
            }
            next += 1
        }
    }
}
