/// A piece of text that came from outside, held as valid UTF-8 without NUL.
///
/// Two texts are equal when their bytes are equal. That is narrower than `String`, which treats canonically equivalent
/// sequences as one and so merges what a database keeps apart. To ask whether two names mean the same account, compare
/// ``FoldedKey`` values instead.
///
/// Order is by bytes, which for UTF-8 is the order of the scalar values, and the order of `BINARY` and `COLLATE "C"` columns.
public struct Text: Hashable, Comparable, Sendable {
    /// The bytes: valid UTF-8 (RFC 3629), none of them zero.
    public let utf8: [UInt8]

    /// The empty text.
    public static let empty = Text(unchecked: [])

    /// Takes bytes as they are, or returns `nil` when they are not valid UTF-8 or hold a NUL.
    @inlinable
    public init?(_ bytes: some Collection<UInt8>) {
        if let text = bytes.withContiguousStorageIfAvailable({ Text($0) }) {
            guard let text else { return nil }
            self = text
        } else {
            self.init(Array(bytes))
        }
    }

    /// Takes an array without copying it, or returns `nil` when it is not valid UTF-8 or holds a NUL.
    public init?(_ bytes: [UInt8]) {
        guard bytes.withUnsafeBytes(UTF8Check.isText) else { return nil }
        utf8 = bytes
    }

    /// Copies a slice, or returns `nil` when it is not valid UTF-8 or holds a NUL.
    public init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.withUnsafeBytes(UTF8Check.isText) else { return nil }
        utf8 = Array(bytes)
    }

    /// Copies a buffer, or returns `nil` when it is not valid UTF-8 or holds a NUL.
    public init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard UTF8Check.isText(UnsafeRawBufferPointer(bytes)) else { return nil }
        utf8 = Array(bytes)
    }

    /// Takes a string, with every NUL replaced by U+FFFD so that nothing vanishes silently.
    public init(_ string: String) {
        var bytes = Array(string.utf8)
        if bytes.contains(0) {
            bytes = bytes.flatMap { $0 == 0 ? [0xEF, 0xBF, 0xBD] : [$0] }
        }
        utf8 = bytes
    }

    /// Takes bytes that the caller has already proved to be valid UTF-8 without NUL.
    init(unchecked bytes: [UInt8]) {
        utf8 = bytes
    }

    /// The same text as a Swift string.
    public var string: String { String(decoding: utf8, as: UTF8.self) }

    /// Whether there is not a single byte.
    public var isEmpty: Bool { utf8.isEmpty }

    public static func < (left: Text, right: Text) -> Bool {
        ByteOrder.precedes(left.utf8, right.utf8)
    }

    /// Whether it comes before other bytes, in the same order.
    public func precedes(_ other: UnsafeRawBufferPointer) -> Bool {
        utf8.withUnsafeBytes { ByteOrder.precedes($0, other) }
    }

    public func hash(into hasher: inout Hasher) {
        ByteOrder.hash(utf8, into: &hasher)
    }

    /// Joins two texts without normalizing the seam.
    public static func + (left: Text, right: Text) -> Text {
        Text(unchecked: left.utf8 + right.utf8)
    }
}

extension Text: CustomStringConvertible {
    public var description: String { string }
}

extension Text: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) {
        self.init(value)
    }
}
