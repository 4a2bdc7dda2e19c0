/// One entry as its source gave it: every attribute with every value, but for what ``SecretAttributes`` names.
///
/// It is one block of bytes, so that a batch of them is cheap to hold and to write: its kind, its line, its name, then attributes
/// and values in the order in which they came.
public struct RawEntry: Hashable, Sendable {
    /// What the source says the entry is.
    public enum Kind: UInt8, Hashable, Sendable, CaseIterable {
        /// A record of a file, of which the filters tell whether it is a user or a group.
        case record = 0
        /// Found by the search for users.
        case user = 1
        /// Found by the search for groups.
        case group = 2
    }

    /// The canonical bytes.
    public let bytes: [UInt8]

    /// An entry over bytes that ``RawEntryBuilder`` made, or that claim to be such.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// What the source says the entry is; `nil` when the bytes are none of an entry.
    public var kind: Kind? { bytes.first.flatMap(Kind.init) }

    /// Lends a cursor at the first attribute; `nil` when the bytes are none of an entry.
    public func withCursor<Result, Failure: Error>(
        _ body: (inout RawEntryCursor) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        try bytes.withUnsafeBufferPointer { (bytes) throws(Failure) -> Result? in
            guard var cursor = RawEntryCursor(UnsafeRawBufferPointer(bytes)) else { return nil }
            return try body(&cursor)
        }
    }
}

/// Walks once over a raw entry. Everything it gives is lent and must not outlive the entry's bytes.
public struct RawEntryCursor {
    /// What comes next in an entry.
    public enum Item {
        /// An attribute begins; the description as the source spelled it.
        case attribute(UnsafeBufferPointer<UInt8>)
        /// A value of the attribute before it.
        case value(UnsafeBufferPointer<UInt8>)
        /// The attribute before it has values that were too large to be kept.
        case cut
    }

    /// What the source says the entry is.
    public let kind: RawEntry.Kind
    /// The line on which a record of a file began; 0 when the source has no lines.
    public let line: Int
    /// The name as delivered; empty when the source has none.
    public let dn: UnsafeBufferPointer<UInt8>
    private var reader: RecordReader

    init?(_ bytes: UnsafeRawBufferPointer) {
        do {
            reader = RecordReader(bytes)
            guard let kind = RawEntry.Kind(rawValue: try reader.octet()) else { return nil }
            self.kind = kind
            line = try reader.count()
            dn = try reader.field().bindMemory(to: UInt8.self)
        } catch {
            return nil
        }
    }

    /// The next item; `nil` at the end, and where the bytes are damaged (``isDamaged``).
    public mutating func next() -> Item? {
        guard !reader.isAtEnd else { return nil }
        do {
            switch RawEntryTag(rawValue: try reader.octet()) {
            case .attribute: return .attribute(try reader.field().bindMemory(to: UInt8.self))
            case .value: return .value(try reader.field().bindMemory(to: UInt8.self))
            case .cut: return .cut
            case nil: break
            }
        } catch {}
        isDamaged = true
        return nil
    }

    /// Whether the bytes ended in the middle of something.
    public private(set) var isDamaged = false
}

/// What an item of a raw entry begins with.
enum RawEntryTag: UInt8 {
    case attribute = 1
    case value = 2
    case cut = 3
}

/// Makes raw entries, one after the other.
public struct RawEntryBuilder: Sendable {
    private var writer = RecordWriter()

    public init() {}

    /// The bytes collected so far; a source compares it with its cap on one entry.
    public var byteCount: Int { writer.bytes.count }

    /// Starts the next entry.
    public mutating func begin(_ kind: RawEntry.Kind, dn: some Collection<UInt8>, line: Int = 0) {
        writer = RecordWriter(reserving: 1024)
        writer.write(octet: kind.rawValue)
        writer.write(line)
        writer.write(field: dn)
    }

    /// Starts an attribute; the values that follow are its.
    public mutating func attribute(_ description: some Collection<UInt8>) {
        writer.write(octet: RawEntryTag.attribute.rawValue)
        writer.write(field: description)
    }

    /// Adds a value, empty ones too.
    public mutating func value(_ value: some Collection<UInt8>) {
        writer.write(octet: RawEntryTag.value.rawValue)
        writer.write(field: value)
    }

    /// Notes that the attribute has values that are not kept.
    public mutating func cut() {
        writer.write(octet: RawEntryTag.cut.rawValue)
    }

    /// The entry.
    public func finish() -> RawEntry {
        RawEntry(bytes: writer.bytes)
    }
}

extension RecordWriter {
    /// Writes bytes that lie anywhere, with their length before them.
    mutating func write(field: some Collection<UInt8>) {
        write(field.count)
        append(field)
    }
}
