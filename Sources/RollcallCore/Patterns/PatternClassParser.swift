/// Reads a class such as `[a-z_\d]` or `[^,]`.
enum PatternClassParser {
    /// Reads what follows the bracket at `start`, up to and with its closing bracket.
    static func parse(_ cursor: inout PatternCursor, from start: Int) throws(PatternSyntaxError) -> ScalarSet {
        let isInverted = cursor.take("^")
        var ranges: [ClosedRange<UInt32>] = []
        if cursor.peek == "]" { throw cursor.error("a class cannot be empty; write \\] for the character") }
        while !cursor.take("]") {
            let place = cursor.offset
            guard cursor.peek != nil else { throw cursor.error("this [ is not closed; write \\[ for the character", at: start) }
            let first = try item(&cursor)
            guard case .scalar(let low) = first, cursor.peek == "-" else {
                ranges += first.ranges
                continue
            }
            _ = cursor.next()
            if cursor.peek == "]" {
                ranges += first.ranges + [0x2D...0x2D]
                continue
            }
            guard cursor.peek != nil else { throw cursor.error("this [ is not closed; write \\[ for the character", at: start) }
            guard case .scalar(let high) = try item(&cursor) else {
                throw cursor.error("a range must end with a character; put a plain - last", at: place)
            }
            guard low <= high else { throw cursor.error("the ends of this range are in the wrong order", at: place) }
            ranges.append(low...high)
        }
        let set = ScalarSet(ranges)
        return isInverted ? set.inverted : set
    }

    private static func item(_ cursor: inout PatternCursor) throws(PatternSyntaxError) -> PatternEscape {
        let place = cursor.offset
        guard let character = cursor.next() else { throw cursor.error("the pattern ends within a class") }
        switch character {
        case "\\": return try PatternEscape.parse(&cursor, from: place)
        case "[": throw cursor.error("write \\[ for the character; named classes such as [:alpha:] are not supported", at: place)
        default: return .scalar(character.value)
        }
    }
}

extension PatternEscape {
    fileprivate var ranges: [ClosedRange<UInt32>] {
        switch self {
        case .scalar(let scalar): [scalar...scalar]
        case .set(let set): set.ranges
        }
    }
}
