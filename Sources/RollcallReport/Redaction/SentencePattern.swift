internal import RollcallCore

/// A sentence of ours with holes for values: `the username {user} is held by {user} (a local user); {sentence}`.
///
/// A text that fits a pattern is the pattern's own words around what fills the holes, so nothing from outside is left of it once every
/// hole's filling is replaced. How the text is shared out among several holes does not matter for that.
struct SentencePattern {
    /// What fills a hole.
    enum Hole: String {
        case user
        case group
        case entry
        /// The text of a rule from the config.
        case rule
        case value
        /// A whole number.
        case number
        /// A number with the letter of a unit of time.
        case span
        /// Another sentence that has a pattern.
        case sentence
    }

    private enum Part {
        case words(Substring.UTF8View.SubSequence)
        case hole(Hole)
    }

    private let parts: [Part]

    /// A pattern from its text, in which `{…}` is a hole.
    init(_ text: String) {
        var parts: [Part] = []
        for (index, piece) in text.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
            guard index > 0, let end = piece.firstIndex(of: "}"), let hole = Hole(rawValue: String(piece[..<end])) else {
                parts.append(.words(piece.utf8))
                continue
            }
            parts.append(.hole(hole))
            let rest = piece[piece.index(after: end)...]
            if !rest.isEmpty { parts.append(.words(rest.utf8)) }
        }
        self.parts = parts
    }

    /// The text with every hole's filling replaced; `nil` when it does not fit.
    func replaced(_ text: [UInt8], by replacement: (Hole, ArraySlice<UInt8>) -> String?) -> String? {
        var result = ""
        var rest = text[...]
        var open: Hole?
        for (index, part) in parts.enumerated() {
            switch part {
            case .hole(let hole): open = hole
            case .words(let words):
                let isLast = index == parts.count - 1
                guard let start = open == nil ? rest.begins(with: words) : rest.place(of: words, atEnd: isLast) else { return nil }
                if let hole = open {
                    guard let filling = replacement(hole, rest[..<start]) else { return nil }
                    result += filling
                }
                open = nil
                result += String(decoding: words, as: UTF8.self)
                rest = rest[(start + words.count)...]
            }
        }
        guard let open else { return rest.isEmpty ? result : nil }
        guard let filling = replacement(open, rest) else { return nil }
        return result + filling
    }
}

extension ArraySlice<UInt8> {
    /// Where `words` stand at the beginning.
    fileprivate func begins(with words: Substring.UTF8View) -> Int? {
        starts(with: words) ? startIndex : nil
    }

    /// Where `words` stand first, or at the very end; something must stand before them.
    fileprivate func place(of words: Substring.UTF8View, atEnd: Bool) -> Int? {
        let latest = endIndex - words.count
        guard latest > startIndex else { return nil }
        if atEnd { return self[latest...].starts(with: words) ? latest : nil }
        return (startIndex + 1...latest).first { self[$0...].starts(with: words) }
    }
}
