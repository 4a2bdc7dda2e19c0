/// Finds the word that somebody meant.
enum NearestKey {
    /// The candidate that takes the fewest edits to get from `word`; `nil` when none is near. Letter case, `-` and `_` do not count.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        let wanted = bare(word)
        guard !wanted.isEmpty, wanted.count <= 60 else { return nil }
        let rated = candidates.map { candidate in (candidate, edits(from: wanted, to: bare(candidate))) }
        guard let best = rated.min(by: { $0.1 < $1.1 }) else { return nil }
        let most = Swift.max(1, Swift.min(wanted.count, bare(best.0).count) / 3)
        return best.1 <= most ? best.0 : nil
    }

    private static func bare(_ word: String) -> [UInt8] {
        word.lowercased().utf8.filter { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "-") }
    }

    /// Insertions, deletions, replacements, and swaps of neighbours (optimal string alignment).
    private static func edits(from left: [UInt8], to right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, leftByte) in left.enumerated() {
            var current = [row + 1]
            for (column, rightByte) in right.enumerated() {
                var best = Swift.min(current[column] + 1, last[column + 1] + 1, last[column] + (leftByte == rightByte ? 0 : 1))
                if row > 0, column > 0, leftByte == right[column - 1], left[row - 1] == rightByte {
                    best = Swift.min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
