/// The one form of a name by which usernames and e-mail addresses are identified.
///
/// Two names that a reader would call the same have the same key: case, canonical and compatibility forms, invisible
/// characters and white space at the ends make no difference. In the words of Unicode: default-ignorable scalars are dropped,
/// then NFKD, full case folding and NFKC are applied in turn until nothing changes (much like `NFKC_Casefold`), then
/// `White_Space` is trimmed. Folding a key again yields the same key.
///
/// Names that merely look alike, such as Latin and Cyrillic `a`, have different keys; ``Lookalike`` is for those.
///
/// Keys of different ``version`` must not be compared. A store keeps the version beside its keys and re-keys when it changes.
public struct FoldedKey: Hashable, Comparable, Sendable {
    /// The folded bytes: valid UTF-8 without NUL.
    public let bytes: [UInt8]

    /// The version of the folding; it changes whenever any text's key does.
    public static let version: Int = 1

    /// The version of Unicode whose tables are used. Scalars it does not assign stay as they are.
    public static let unicodeVersion: String = FoldTables.unicodeVersion

    /// Folds a text. The key is empty when the text holds nothing but white space and invisible characters.
    public init(_ text: Text) {
        bytes = text.utf8.withUnsafeBufferPointer(Folding.asciiKey) ?? Folding.key(text.utf8)
    }

    /// Folds the bytes of a text where they lie; `nil` when they are not text.
    public init?(utf8: UnsafeRawBufferPointer) {
        let bytes = utf8.bindMemory(to: UInt8.self)
        if let key = Folding.asciiKey(bytes) {
            self.init(storedBytes: key)
        } else if let text = Text(bytes) {
            self.init(text)
        } else {
            return nil
        }
    }

    /// Takes the bytes of a key that this ``version`` made before, as a store does on reading, without folding them again.
    public init(storedBytes: [UInt8]) {
        bytes = storedBytes
    }

    /// Whether nothing is left of the text, so that it cannot identify anyone.
    public var isEmpty: Bool { bytes.isEmpty }

    public static func < (left: FoldedKey, right: FoldedKey) -> Bool {
        ByteOrder.precedes(left.bytes, right.bytes)
    }

    public func hash(into hasher: inout Hasher) {
        ByteOrder.hash(bytes, into: &hasher)
    }
}

extension FoldedKey: CustomStringConvertible {
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}
