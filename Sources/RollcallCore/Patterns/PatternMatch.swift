/// Where a ``LinearPattern`` matched, and what its groups took.
public struct PatternMatch: Sendable {
    private let text: Text
    /// Start and end of each group as byte offsets, -1 where a group took no part.
    private let places: [Int]
    private let groupNames: [String?]

    init(text: Text, places: [Int], groupNames: [String?]) {
        self.text = text
        self.places = places
        self.groupNames = groupNames
    }

    /// The matched part of the text.
    public var whole: Text { self[0] ?? .empty }

    /// The matched part as byte offsets into the text.
    public var range: Range<Int> { range(ofGroup: 0) ?? 0..<0 }

    /// What the named group took last, or `nil` when it took no part in the match or there is no such group.
    public subscript(_ name: String) -> Text? {
        groupNames.firstIndex(of: name).flatMap { self[$0] }
    }

    /// What the group of that number took last, counted by opening parentheses from 1, or `nil` as for names; 0 is the whole.
    public subscript(_ number: Int) -> Text? {
        guard let range = range(ofGroup: number) else { return nil }
        return Text(unchecked: Array(text.utf8[range]))
    }

    private func range(ofGroup number: Int) -> Range<Int>? {
        guard number >= 0, number < places.count / 2 else { return nil }
        let start = places[number * 2]
        let end = places[number * 2 + 1]
        guard start >= 0, start <= end, end <= text.utf8.count else { return nil }
        return start..<end
    }
}
