/// A row of a plan in its canonical bytes, read where they lie: for going through many rows of which few are wanted whole.
///
/// The bytes are lent: neither it nor what it gives may outlive the call that it was given to.
public struct RowRecord {
    /// The canonical bytes.
    public let bytes: UnsafeRawBufferPointer
    /// The name by which a person knows the row.
    public let label: UnsafeRawBufferPointer
    /// What the row is about.
    public let subject: PlanRow.Subject
    /// Whether there is a user already.
    public let hasUser: Bool
    private let version: Int
    private let changes: RecordReader

    static let extraField: UInt8 = 6

    /// A row over its canonical bytes; `nil` when they do not begin as such.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        do {
            var reader = RecordReader(bytes)
            version = try reader.count()
            guard (1...PlanRow.recordVersion).contains(version) else { return nil }
            subject = version > 1 ? try reader.subject() : .entry
            _ = try reader.field()
            hasUser = try reader.optionalNumber() != nil
            label = try reader.field()
            changes = reader
            self.bytes = bytes
        } catch {
            return nil
        }
    }

    /// Shows each change to `body`.
    ///
    /// - Returns: the number of remarks that follow; `nil` when the bytes are damaged.
    public func forEachChange<Failure>(_ body: (ChangeRecord) throws(Failure) -> Void) throws(Failure) -> Int? {
        var reader = changes
        guard let count = try? reader.itemCount() else { return nil }
        for _ in 0..<count {
            guard let change = try? ChangeRecord(from: &reader, version) else { return nil }
            try body(change)
        }
        return try? reader.itemCount()
    }

    /// The row itself.
    ///
    /// - Throws: ``DamagedRecord`` when the bytes are no such row.
    public func decoded(digests: Bool = true) throws(DamagedRecord) -> PlanRow {
        guard let row = PlanRow(record: bytes, digests: digests) else { throw DamagedRecord() }
        return row
    }
}

/// A row whose canonical bytes do not decode.
public struct DamagedRecord: Error, CustomStringConvertible {
    public var description: String { "a row of the plan does not decode; run `rollcall audit verify`" }
}

/// One change in a row's canonical bytes.
public struct ChangeRecord {
    public let action: Action
    /// The permission group of a grant or revocation.
    public let group: UnsafeRawBufferPointer?
    /// The guard that holds this very change.
    public let heldBy: GuardName?
    /// Group and path together, as a key for what belongs to both.
    public let grantBytes: UnsafeRawBufferPointer
    private let fields: RecordReader
    private let path: RecordReader
    private let phrases: RecordReader

    init(from reader: inout RecordReader, _ version: Int) throws(RecordError) {
        action = try reader.word(Action.self)
        fields = reader
        for _ in 0..<(try reader.itemCount()) {
            if try reader.octet() == RowRecord.extraField { _ = try reader.field() }
            _ = try reader.optionalField()
            _ = try reader.optionalField()
        }
        let grant = reader.position
        group = try reader.optionalField()
        path = reader
        for _ in 0..<(try reader.itemCount()) { _ = try reader.field() }
        grantBytes = reader.bytes(since: grant)
        phrases = reader
        try reader.skipPhrase()
        if version > 2 { _ = try Reason(from: &reader) } else { try reader.skipPhrase() }
        heldBy = try reader.flag() ? try reader.word(GuardName.self) : nil
        if version > 1 { _ = try ChangeTail(from: &reader) }
    }

    /// What decided it; a legacy rule without a name when the bytes are damaged.
    public var rule: ChangeRule {
        var reader = phrases
        return ChangeRule(name: (try? reader.phrase()) ?? "")
    }

    /// The upstream groups through which a grant comes.
    public var pathTexts: [Text] {
        var reader = path
        guard let count = try? reader.itemCount() else { return [] }
        return (0..<count).compactMap { _ in try? reader.text() }
    }

    /// Shows each field with its value after the change to `body`.
    public func forEachField<Failure>(_ body: (FieldRecord, UnsafeRawBufferPointer?) throws(Failure) -> Void) throws(Failure) {
        var reader = fields
        guard let count = try? reader.itemCount() else { return }
        for _ in 0..<count {
            guard let (field, after) = try? ChangeRecord.nextField(&reader) else { return }
            try body(field, after)
        }
    }

    private static func nextField(_ reader: inout RecordReader) throws(RecordError) -> (FieldRecord, UnsafeRawBufferPointer?) {
        let field = try FieldRecord(from: &reader)
        _ = try reader.optionalField()
        return (field, try reader.optionalField())
    }
}

/// A field's name in a row's canonical bytes.
public enum FieldRecord {
    case username
    case email
    case givenName
    case familyName
    case displayName
    case status
    /// A field of the application's own, by its name.
    case extra(UnsafeRawBufferPointer)
    case privileged
    case permissions
    case namesKept

    init(from reader: inout RecordReader) throws(RecordError) {
        switch try reader.octet() {
        case 0: self = .username
        case 1: self = .email
        case 2: self = .givenName
        case 3: self = .familyName
        case 4: self = .displayName
        case 5: self = .status
        case RowRecord.extraField: self = .extra(try reader.field())
        case 7: self = .privileged
        case 8: self = .permissions
        case 9: self = .namesKept
        default: throw RecordError()
        }
    }
}
