/// A value in a ``JSONTree``. It is lent: it must not outlive the text that was read, nor the next reading.
public struct JSONElement {
    private unowned(unsafe) let tree: JSONTree
    private let place: Int

    init(_ tree: JSONTree, _ place: Int) {
        self.tree = tree
        self.place = place
    }

    private var node: JSONTree.Node { tree.nodes[place] }

    /// What kind of value it is.
    var nodeKind: JSONTree.Node.Kind { node.kind }

    public var isObject: Bool { node.kind == .object }
    public var isArray: Bool { node.kind == .array }
    public var isString: Bool { node.kind == .string }
    public var isNull: Bool { node.kind == .null }

    /// Whether it is a string that is no valid text: bad UTF-8, a NUL or half a surrogate pair.
    public var isFlawed: Bool { node.isFlawed }

    /// How many elements an array has, or members an object.
    public var count: Int { Int(node.detail) }

    /// Lends the bytes of a string, without its escapes, or the digits of a number; of all else its text.
    @inline(__always)
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try JSONBytes(tree, node).withBytes(body)
    }

    /// The same bytes as an array.
    public var bytes: [UInt8] { withBytes { Array($0) } }

    /// A string or number as text; `nil` for all else, and when it is flawed.
    public var text: Text? {
        switch node.kind {
        case .string, .number: withBytes { Text($0) }
        case .null, .no, .yes, .array, .object, .name: nil
        }
    }

    /// A whole number, also one that came as text or as `100.0`, which some services send; `nil` for all else.
    public var wholeNumber: Int? {
        switch node.kind {
        case .string, .number:
            withBytes { bytes in
                guard !bytes.isEmpty, bytes.count <= 20 else { return nil }
                let text = String(decoding: bytes, as: UTF8.self)
                if let number = Int(text) { return number }
                // What is no decimal number, such as `nan` or `0x1`, begins otherwise or has other letters.
                guard bytes.allSatisfy({ (48...57).contains($0) || "+-.eE".utf8.contains($0) }) else { return nil }
                return Double(text).flatMap { abs($0) < 1e15 ? Int(exactly: $0) : nil }
            }
        case .null, .no, .yes, .array, .object, .name: nil
        }
    }

    /// The member of an object with this name, letter case aside; `nil` when there is none, and for all else than objects.
    ///
    @inline(__always)
    public func member(named name: [UInt8]) -> JSONElement? {
        name.withUnsafeBufferPointer { member($0) }
    }

    /// The member of an object with this name, letter case aside.
    public func member(_ name: StaticString) -> JSONElement? {
        name.withUTF8Buffer { member($0) }
    }

    private func member(_ name: UnsafeBufferPointer<UInt8>) -> JSONElement? {
        guard node.kind == .object else { return nil }
        let hash = JSONName.hash(name)
        var place = place + 1
        for _ in 0..<count {
            let key = tree.nodes[place]
            if key.detail == hash, JSONBytes(tree, key).withBytes({ JSONName.isSame($0, name) }) { return JSONElement(tree, place + 1) }
            place = Int(tree.nodes[place + 1].end)
        }
        return nil
    }

    /// Shows the elements of an array in order, until `body` says `false`.
    @inline(__always)
    public func forEachElement(_ body: (JSONElement) -> Bool) {
        guard node.kind == .array else { return }
        var place = place + 1
        for _ in 0..<count {
            if !body(JSONElement(tree, place)) { return }
            place = Int(tree.nodes[place].end)
        }
    }

    /// Shows the members of an object in order: the name without escapes and the value.
    public func forEachMember(_ body: (UnsafeBufferPointer<UInt8>, JSONElement) -> Void) {
        guard node.kind == .object else { return }
        var place = place + 1
        for _ in 0..<count {
            JSONBytes(tree, tree.nodes[place]).withBytes { body($0, JSONElement(tree, place + 1)) }
            place = Int(tree.nodes[place + 1].end)
        }
    }
}

/// Where the bytes of a node are.
struct JSONBytes {
    private unowned(unsafe) let tree: JSONTree
    private let node: JSONTree.Node

    @inline(__always)
    init(_ tree: JSONTree, _ node: JSONTree.Node) {
        self.tree = tree
        self.node = node
    }

    @inline(__always)
    func withBytes<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let range = Int(node.start)..<Int(node.start) + Int(node.count)
        if node.isUnescaped {
            return try tree.unescaped.withUnsafeBufferPointer { (all) throws(Failure) in
                try body(UnsafeBufferPointer(rebasing: all[range]))
            }
        }
        return try body(UnsafeBufferPointer(rebasing: tree.text[range]))
    }
}
