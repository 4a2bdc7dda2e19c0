/// One JSON value (RFC 8259) with everything in it, in buffers that are used again for the next one.
///
/// Values are nodes in the order of the text: an object's node is followed by name, value, name, value and so on, an array's by its
/// elements. A string without escapes stays where it is in the text; the others are kept unescaped beside it. So reading a value copies
/// and allocates next to nothing, and what it gives (``JSONElement``) must not outlive the text nor the next reading.
public final class JSONTree {
    /// One value or one name of a member.
    struct Node {
        enum Kind: UInt8 {
            case null, no, yes, number, string, array, object, name
        }

        var kind: Kind
        /// Whether the bytes of the string are in ``JSONTree/unescaped`` rather than in the text.
        var isUnescaped = false
        /// Whether the string is no valid text: bad UTF-8, a NUL or half a surrogate pair.
        var isFlawed = false
        /// Of a name: ``JSONName/hash(_:)``. Of an array or object: how many elements or members it has.
        var detail: UInt32 = 0
        /// Where its bytes begin.
        var start: UInt32 = 0
        /// How many bytes it has.
        var count: UInt32 = 0
        /// The node behind it and all that is in it.
        var end: UInt32 = 0
    }

    private let limits: JSONLimits
    private(set) var nodes: UnsafeMutablePointer<Node>
    private var capacity = 256
    var nodeCount = 0
    /// The arrays and objects that are open.
    private let open: UnsafeMutablePointer<Int>
    private var depth = 0
    /// The names of an object that are compared with each other.
    private let few: UnsafeMutablePointer<Int>
    /// The bytes of strings that have escapes.
    var unescaped: [UInt8] = []
    /// The text of the value, while it is lent.
    private(set) var text = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    /// A name that an object has twice, letter case aside (RFC 7643 section 2.1); of several the first.
    public private(set) var repeatedName: String?

    static let deepest = 64
    private static let fewNames = 32

    public init(_ limits: JSONLimits = JSONLimits()) {
        self.limits = limits
        nodes = .allocate(capacity: capacity)
        open = .allocate(capacity: JSONTree.deepest)
        few = .allocate(capacity: JSONTree.fewNames)
    }

    deinit {
        nodes.deallocate()
        open.deallocate()
        few.deallocate()
    }

    /// Reads the value that begins at `start` or after blanks there, and gives the offset of the byte behind it.
    ///
    /// A number must be followed by something, else more of its digits may be missing.
    public func read(_ text: UnsafeBufferPointer<UInt8>, from start: Int) throws(JSONFault) -> Int {
        self.text = text
        nodeCount = 0
        depth = 0
        repeatedName = nil
        unescaped.removeAll(keepingCapacity: unescaped.capacity <= 1 << 16)
        let deepest = min(limits.depth, JSONTree.deepest)
        var position = start
        while true {
            position = try JSONScan.skipBlanks(text, position)
            let opens: Node.Kind?
            switch text[position] {
            case UInt8(ascii: "{"): opens = .object
            case UInt8(ascii: "["): opens = .array
            default: opens = nil
            }
            if let opens {
                guard depth < deepest else { throw JSONFault(.tooLarge, at: position, "it is nested deeper than \(deepest) levels") }
                open[depth] = nodeCount
                depth += 1
                try append(Node(kind: opens, start: UInt32(truncatingIfNeeded: position)))
                position = try JSONScan.skipBlanks(text, position + 1)
                if opens == .object {
                    if text[position] != UInt8(ascii: "}") {
                        position = try readName(position)
                        continue
                    }
                } else if text[position] != UInt8(ascii: "]") {
                    continue
                }
            } else {
                position = try readScalar(position)
            }
            position = try close(from: position)
            if depth == 0 {
                guard position - start <= limits.bytes else { throw tooLarge(position) }
                return position
            }
            position = nodes[open[depth - 1]].kind == .object ? try readName(position) : position
        }
    }

    /// Goes on behind a value: ends what ends here, and gives the place of the next name or element; with nothing open, the end.
    private func close(from start: Int) throws(JSONFault) -> Int {
        var position = start
        while depth > 0 {
            position = try JSONScan.skipBlanks(text, position)
            let container = open[depth - 1]
            let isObject = nodes[container].kind == .object
            switch text[position] {
            case UInt8(ascii: ","):
                nodes[container].detail &+= 1
                return try JSONScan.skipBlanks(text, position + 1)
            case UInt8(ascii: "}") where isObject, UInt8(ascii: "]") where !isObject:
                let isEmpty = nodeCount == container + 1
                if !isEmpty { nodes[container].detail &+= 1 }
                nodes[container].end = UInt32(truncatingIfNeeded: nodeCount)
                position += 1
                nodes[container].count = UInt32(truncatingIfNeeded: position) &- nodes[container].start
                if isObject, repeatedName == nil { repeatedName = nameRepeated(in: container) }
                depth -= 1
            default:
                throw JSONFault(.malformed, at: position, "a comma or the end of \(isObject ? "an object" : "an array") is missing")
            }
        }
        return position
    }

    private func readName(_ position: Int) throws(JSONFault) -> Int {
        guard text[position] == UInt8(ascii: "\"") else { throw JSONFault(.malformed, at: position, "the name of a member is missing") }
        let place = nodeCount
        var position = try readString(position, .name)
        nodes[place].detail = bytes(of: place).withBytes { JSONName.hash($0) }
        position = try JSONScan.skipBlanks(text, position)
        guard text[position] == UInt8(ascii: ":") else { throw JSONFault(.malformed, at: position, "a colon is missing") }
        return try JSONScan.skipBlanks(text, position + 1)
    }

    private func readScalar(_ position: Int) throws(JSONFault) -> Int {
        switch text[position] {
        case UInt8(ascii: "\""): return try readString(position, .string)
        case UInt8(ascii: "t"): return try readLiteral("true", .yes, position)
        case UInt8(ascii: "f"): return try readLiteral("false", .no, position)
        case UInt8(ascii: "n"): return try readLiteral("null", .null, position)
        default:
            let end = try JSONScan.numberEnd(text, position)
            try append(.number, position..<end)
            return end
        }
    }

    private func readLiteral(_ literal: StaticString, _ kind: Node.Kind, _ position: Int) throws(JSONFault) -> Int {
        let count = literal.utf8CodeUnitCount
        for offset in 0..<count {
            guard position + offset < text.count else { throw JSONFault(.unfinished, at: text.count, "it ends too early") }
            guard text[position + offset] == literal.utf8Start[offset] else {
                throw JSONFault(.malformed, at: position, "a value is missing")
            }
        }
        try append(kind, position..<position + count)
        return position + count
    }

    /// Reads a string with its quotes, and keeps it.
    private func readString(_ position: Int, _ kind: Node.Kind) throws(JSONFault) -> Int {
        let scan = try JSONScan.string(text, position + 1)
        if scan.hasEscapes {
            let start = unescaped.count
            let isFlawed = try JSONScan.unescape(text, position + 1..<scan.end, into: &unescaped)
            try append(kind, start..<unescaped.count)
            nodes[nodeCount - 1].isUnescaped = true
            nodes[nodeCount - 1].isFlawed = isFlawed || scan.isFlawed
        } else {
            try append(kind, position + 1..<scan.end)
            nodes[nodeCount - 1].isFlawed = scan.isFlawed
        }
        return scan.end + 1
    }

    private func append(_ kind: Node.Kind, _ range: Range<Int>) throws(JSONFault) {
        var node = Node(kind: kind, start: UInt32(truncatingIfNeeded: range.lowerBound), count: UInt32(truncatingIfNeeded: range.count))
        node.end = UInt32(truncatingIfNeeded: nodeCount + 1)
        try append(node)
    }

    private func append(_ node: Node) throws(JSONFault) {
        if nodeCount == capacity { try grow(Int(node.start)) }
        nodes[nodeCount] = node
        nodeCount += 1
    }

    private func grow(_ position: Int) throws(JSONFault) {
        guard nodeCount < limits.values else { throw JSONFault(.tooLarge, at: position, "it has more than \(limits.values) values") }
        let larger = min(capacity * 2, max(limits.values, 1))
        let moved = UnsafeMutablePointer<Node>.allocate(capacity: larger)
        moved.moveInitialize(from: nodes, count: nodeCount)
        nodes.deallocate()
        nodes = moved
        capacity = larger
    }

    private func tooLarge(_ position: Int) -> JSONFault {
        JSONFault(.tooLarge, at: position, "one value has more than \(limits.bytes) bytes")
    }
}

// MARK: - What was read

extension JSONTree {
    /// The value that was read last.
    public var root: JSONElement { JSONElement(self, 0) }

    /// The bytes of a string, name or number.
    func bytes(of place: Int) -> JSONBytes {
        JSONBytes(self, nodes[place])
    }

    /// A name that the object has twice: of few names each is compared with each, more are sorted first.
    private func nameRepeated(in container: Int) -> String? {
        let count = Int(nodes[container].detail)
        guard count > 1 else { return nil }
        if count > JSONTree.fewNames { return nameRepeated(among: names(in: container, count)) }
        var place = container + 1
        for index in 0..<count {
            few[index] = place
            for other in 0..<index where nodes[few[other]].detail == nodes[place].detail && isSameName(few[other], place) {
                return name(at: place)
            }
            place = Int(nodes[place + 1].end)
        }
        return nil
    }

    private func nameRepeated(among names: [Int]) -> String? {
        let sorted = names.sorted { one, other in
            bytes(of: one).withBytes { one in bytes(of: other).withBytes { JSONName.precedes(one, $0) } }
        }
        for index in sorted.indices.dropFirst() where isSameName(sorted[index - 1], sorted[index]) { return name(at: sorted[index]) }
        return nil
    }

    private func names(in container: Int, _ count: Int) -> [Int] {
        var names: [Int] = []
        names.reserveCapacity(count)
        var place = container + 1
        for _ in 0..<count {
            names.append(place)
            place = Int(nodes[place + 1].end)
        }
        return names
    }

    private func name(at place: Int) -> String {
        bytes(of: place).withBytes { String(decoding: $0, as: UTF8.self) }
    }

    private func isSameName(_ one: Int, _ other: Int) -> Bool {
        bytes(of: one).withBytes { one in bytes(of: other).withBytes { JSONName.isSame(one, $0) } }
    }
}
