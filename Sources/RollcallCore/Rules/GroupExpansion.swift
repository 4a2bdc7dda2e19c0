/// Walks from the upstream groups of one permission group down to their members, each group once and by the shortest way.
///
/// It is iterative and goes breadth first, so cycles, self-membership, diamonds and ten thousand levels are all the same to it.
public struct GroupExpansion {
    /// A group on the way: its number and the group by which it was reached.
    private struct Step {
        var group: Int
        var parent: Int?
    }

    private var steps: [Step] = []
    private var seen: Set<Int> = []

    public init() {}

    /// Visits every group that `roots` reach, nearest first.
    ///
    /// - Parameters:
    ///   - roots: the mapped groups, in the order in which ties are to be decided.
    ///   - nested: whether members that are groups stand for their own members.
    ///   - visit: shows one group with the chain that leads to it, the root first, and returns the groups among its members in
    ///     the order in which ties are to be decided.
    public mutating func walk<Failure: Error>(
        from roots: [Int], nested: Bool, visit: (_ group: Int, _ chain: [Int]) throws(Failure) -> [Int]
    ) throws(Failure) {
        steps.removeAll(keepingCapacity: true)
        seen.removeAll(keepingCapacity: true)
        for root in roots where seen.insert(root).inserted { steps.append(Step(group: root, parent: nil)) }
        var next = 0
        while next < steps.count {
            let children = try visit(steps[next].group, chain(to: next))
            if nested {
                for child in children where seen.insert(child).inserted { steps.append(Step(group: child, parent: next)) }
            }
            next += 1
        }
    }

    private func chain(to index: Int) -> [Int] {
        var chain = [steps[index].group]
        var parent = steps[index].parent
        while let current = parent {
            chain.append(steps[current].group)
            parent = steps[current].parent
        }
        return chain.reversed()
    }
}
