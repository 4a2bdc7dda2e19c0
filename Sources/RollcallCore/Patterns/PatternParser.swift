/// Reads the text of a ``LinearPattern``.
struct PatternParser {
    /// Names of the groups by number; number 0 is the whole match and has none.
    private(set) var captureNames: [String?] = [nil]
    private var cursor: PatternCursor
    private var depth = 0

    /// Groups may lie in one another this deep.
    private static let deepest = 50

    init(_ pattern: String) {
        cursor = PatternCursor(pattern)
    }

    /// Reads the whole pattern.
    mutating func parse() throws(PatternSyntaxError) -> PatternNode {
        let node = try alternatives()
        guard cursor.peek == nil else { throw cursor.error("this ) closes no group; write \\) for the character") }
        return node
    }

    private mutating func alternatives() throws(PatternSyntaxError) -> PatternNode {
        var nodes = [try sequence()]
        while cursor.take("|") { nodes.append(try sequence()) }
        return nodes.count == 1 ? nodes[0] : .alternatives(nodes)
    }

    private mutating func sequence() throws(PatternSyntaxError) -> PatternNode {
        var nodes: [PatternNode] = []
        while let next = cursor.peek, next != "|", next != ")" {
            let start = cursor.offset
            let node = try atom()
            nodes.append(try repeated(node, from: start))
        }
        return nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private mutating func atom() throws(PatternSyntaxError) -> PatternNode {
        let start = cursor.offset
        guard let character = cursor.next() else { return .sequence([]) }
        switch character {
        case ".": return .any
        case "^": return .textStart
        case "$": return .textEnd
        case "(": return try group(from: start)
        case "[": return .set(try PatternClassParser.parse(&cursor, from: start))
        case "\\":
            switch try PatternEscape.parse(&cursor, from: start) {
            case .scalar(let scalar): return .scalar(scalar)
            case .set(let set): return .set(set)
            }
        case "*", "+", "?":
            throw cursor.error("there is nothing before \(character) to repeat; write \\\(character) for the character", at: start)
        case "{", "}", "]": throw cursor.error("write \\\(character) for the character", at: start)
        default: return .scalar(character.value)
        }
    }

    private mutating func group(from start: Int) throws(PatternSyntaxError) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= PatternParser.deepest else {
            throw cursor.error("groups are more than \(PatternParser.deepest) deep", at: start)
        }
        var number: Int?
        if cursor.take("?") {
            if !cursor.take(":") {
                number = captureNames.count
                captureNames.append(try groupName(from: start))
            }
        } else {
            number = captureNames.count
            captureNames.append(nil)
        }
        let node = try alternatives()
        guard cursor.take(")") else { throw cursor.error("this ( is not closed; write \\( for the character", at: start) }
        return number.map { .capture(number: $0, node) } ?? node
    }

    /// Reads `<name>` or `P<name>` after `(?`.
    private mutating func groupName(from start: Int) throws(PatternSyntaxError) -> String {
        _ = cursor.take("P")
        guard cursor.take("<") else {
            switch cursor.peek {
            case "=", "!": throw cursor.error("lookahead is not supported, for it cannot be matched in linear time", at: start)
            case ">": throw cursor.error("atomic groups are not supported; write (?: …)", at: start)
            default: throw cursor.error("only (?: …) and (?<name> …) may follow (?; flags are not supported", at: start)
            }
        }
        if cursor.peek == "=" || cursor.peek == "!" {
            throw cursor.error("lookbehind is not supported, for it cannot be matched in linear time", at: start)
        }
        let nameStart = cursor.offset
        let name = cursor.takeName()
        guard !name.isEmpty, cursor.take(">") else {
            let message = "a group name is letters, digits and _ of ASCII, does not begin with a digit, and ends with >"
            throw cursor.error(message, at: nameStart)
        }
        guard !captureNames.contains(name) else { throw cursor.error("the group name \(name) is used twice", at: nameStart) }
        return name
    }

    private mutating func repeated(_ node: PatternNode, from start: Int) throws(PatternSyntaxError) -> PatternNode {
        let mark = cursor.offset
        let least: Int
        let most: Int?
        switch cursor.peek {
        case "*": (least, most) = (0, nil)
        case "+": (least, most) = (1, nil)
        case "?": (least, most) = (0, 1)
        case "{": (least, most) = try bounds()
        default: return node
        }
        if cursor.offset == mark { _ = cursor.next() }
        switch node {
        case .textStart, .textEnd: throw cursor.error("^ and $ cannot be repeated", at: start)
        default: break
        }
        let lazy = cursor.take("?")
        switch cursor.peek {
        case "+" where !lazy: throw cursor.error("possessive repetition is not supported; nothing backtracks here", at: mark)
        case "*", "+", "?", "{": throw cursor.error("a repetition cannot be repeated; put it into (?: …)", at: cursor.offset)
        default: return .repetition(node, least: least, most: most, lazy: lazy)
        }
    }

    /// Reads `{m}`, `{m,}` or `{m,n}`.
    private mutating func bounds() throws(PatternSyntaxError) -> (Int, Int?) {
        let start = cursor.offset
        _ = cursor.next()
        guard let least = cursor.takeNumber() else {
            throw cursor.error("a repetition is {m}, {m,} or {m,n}; write \\{ for the character", at: start)
        }
        var most: Int? = least
        if cursor.take(",") { most = cursor.takeNumber() }
        guard cursor.take("}") else {
            throw cursor.error("a repetition is {m}, {m,} or {m,n}; write \\{ for the character", at: start)
        }
        let limit = LinearPattern.largestProgram
        guard least <= limit, most ?? 0 <= limit else { throw cursor.error("a repetition may be of at most \(limit) times", at: start) }
        if let most, most < least { throw cursor.error("the bounds \(least) and \(most) are in the wrong order", at: start) }
        return (least, most)
    }
}
