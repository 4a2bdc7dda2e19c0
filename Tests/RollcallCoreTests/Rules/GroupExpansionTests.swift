import Testing

@testable import RollcallCore

@Suite("Walking through nested groups")
struct GroupExpansionTests {
    private func walk(_ children: [Int: [Int]], from roots: [Int], nested: Bool = true) -> [[Int]] {
        var expansion = GroupExpansion()
        var chains: [[Int]] = []
        expansion.walk(from: roots, nested: nested) { visit in
            #expect(visit.number == chains.count)
            let chain = (visit.parent.map { chains[$0] } ?? []) + [visit.group]
            #expect(visit.depth == chain.count - 1 && visit.root == chain[0])
            #expect(chains.count == visit.head || chains[visit.head] == Array(chain.prefix(GroupExpansion.beginning)))
            chains.append(chain)
            return children[visit.group] ?? []
        }
        return chains
    }

    @Test("E1: each group is met once, by the shortest way")
    func diamond() {
        #expect(walk([1: [2, 3], 2: [4], 3: [4], 4: [5]], from: [1]) == [[1], [1, 2], [1, 3], [1, 2, 4], [1, 2, 4, 5]])
        #expect(walk([1: [2], 2: [4], 4: [], 5: [4]], from: [1, 5]) == [[1], [5], [1, 2], [5, 4]], "the nearest root wins")
        #expect(walk([1: [2], 2: []], from: [2, 1]) == [[2], [1]], "a root stands for itself")
        #expect(walk([:], from: [3, 3]) == [[3]])
    }

    @Test("E1: cycles and self-membership end")
    func cycles() {
        #expect(walk([1: [1, 2], 2: [3], 3: [1, 2]], from: [1]) == [[1], [1, 2], [1, 2, 3]])
    }

    @Test("without nesting members that are groups stand for nobody")
    func flat() {
        #expect(walk([1: [2]], from: [1], nested: false) == [[1]])
    }

    @Test("E1: ten thousand levels are walked without a stack")
    func deep() {
        var expansion = GroupExpansion()
        var (count, last) = (0, 0)
        expansion.walk(from: [0], nested: true) { visit in
            count += 1
            last = visit.depth + 1
            #expect(visit.head == min(visit.number, GroupExpansion.beginning - 1))
            return visit.group < 10_000 ? [visit.group + 1] : []
        }
        #expect(count == 10_001 && last == 10_001)
    }

    @Test("one walk after another starts afresh")
    func again() {
        var expansion = GroupExpansion()
        for _ in 0..<2 {
            var met: [Int] = []
            expansion.walk(from: [1], nested: true) { visit in
                met.append(visit.group)
                return [2]
            }
            #expect(met == [1, 2])
        }
    }
}
