/// An entry's immutable upstream id, as the bytes that the source delivered.
///
/// It is the only key that a link rests on. Two anchors are the same when their bytes are; `entryUUID` is kept as the text the
/// server sends, `objectGUID` as its sixteen octets.
public struct Anchor: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let bytes: [UInt8]

    public init(_ bytes: some Collection<UInt8>) {
        self.bytes = Array(bytes)
    }

    /// The anchor as text: as it is when it is printable UTF-8, else `0x` and hexadecimal digits.
    public var description: String {
        if let text = Text(bytes[...]), !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) { return text.string }
        return "0x" + Hexadecimal.text(bytes)
    }

    /// The anchors that `text` may mean: the text itself; when it is `0x` and digits, what they stand for; when it is a UUID, the octets of
    /// an `objectGUID`.
    public static func described(as text: Text) -> [Anchor] {
        let digits = text.utf8.dropFirst(2)
        guard text.utf8.starts(with: [UInt8(ascii: "0"), UInt8(ascii: "x")]), let bytes = Hexadecimal.bytes(digits) else {
            let octets = ObjectGUID(text: Array(text.utf8)).map { Anchor($0.bytes) }
            return [Anchor(text.utf8)] + [octets].compactMap(\.self)
        }
        return [Anchor(text.utf8), Anchor(bytes)]
    }

    public static func < (left: Anchor, right: Anchor) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}
