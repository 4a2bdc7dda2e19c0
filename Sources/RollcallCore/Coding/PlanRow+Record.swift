extension PlanRow {
    /// The row in its canonical bytes, as plans and the audit log keep it. The digests of its changes follow from the rest.
    public var record: [UInt8] {
        var writer = RecordWriter(reserving: 384)
        writer.write(PlanRow.recordVersion)
        writer.write(octet: subject.rawValue)
        writer.write(anchor.bytes)
        writer.write(optional: userID)
        writer.write(label)
        writer.write(changes.count)
        for change in changes { change.write(to: &writer) }
        writer.write(remarks.count)
        for remark in remarks {
            remark.cause.write(to: &writer)
            writer.write(octet: remark.isAcknowledged ? 2 : remark.isNew ? 1 : 0)
        }
        return writer.bytes
    }

    /// A row from its canonical bytes; `nil` when they are none.
    public init?(record: [UInt8]) {
        guard let row = record.withUnsafeBytes({ PlanRow(record: $0) }) else { return nil }
        self = row
    }

    /// A row from its canonical bytes; `nil` when they are none.
    ///
    /// - Parameter digests: whether the changes get their digests, which have to be worked out; without them they are all zero.
    public init?(record: UnsafeRawBufferPointer, digests: Bool = true) {
        do {
            var reader = RecordReader(record)
            let version = try reader.count()
            guard (1...PlanRow.recordVersion).contains(version) else { return nil }
            if version > 1 { subject = try reader.subject() }
            anchor = Anchor(try reader.field())
            userID = try reader.optionalNumber()
            label = try reader.text()
            changes = []
            for _ in 0..<(try reader.itemCount()) {
                changes.append(try Change(from: &reader, version, anchor: digests ? anchor : nil, userID: userID))
            }
            remarks = []
            for _ in 0..<(try reader.itemCount()) {
                let cause = version > 2 ? try Remark.Cause(from: &reader) : .legacy(try Remark.Legacy(from: &reader))
                let standing = try reader.octet()
                var remark = Remark(cause, isNew: standing == 1)
                remark.isAcknowledged = standing == 2
                remarks.append(remark)
            }
        } catch {
            return nil
        }
    }

    /// 2 added what a row is about, and of each change privilege, binding and holders; 3 keeps reasons and causes as values.
    static let recordVersion = 3
}

extension Change {
    fileprivate func write(to writer: inout RecordWriter) {
        writer.write(word: action)
        writer.write(fields.count)
        for field in fields {
            field.field.write(to: &writer)
            writer.write(optional: field.before)
            writer.write(optional: field.after)
        }
        writer.write(optional: group)
        writer.write(path.count)
        for step in path { writer.write(step) }
        writer.write(phrase: rule.name)
        reason.write(to: &writer)
        writer.write(heldBy != nil)
        if let heldBy { writer.write(word: heldBy) }
        writer.write(octet: marks)
        if let binding { writer.append(binding.bytes) }
        if let holders { writer.write(holders) }
    }

    /// Which of what may be missing is there.
    private var marks: UInt8 {
        (isPrivileged ? ChangeMarks.privileged : 0) | (binding != nil ? ChangeMarks.binding : 0)
            | (holders != nil ? ChangeMarks.holders : 0)
    }

    fileprivate init(from reader: inout RecordReader, _ version: Int, anchor: Anchor?, userID: Int64?) throws(RecordError) {
        let action = try reader.word(Action.self)
        var fields: [FieldChange] = []
        for _ in 0..<(try reader.itemCount()) {
            let field = try UserField(from: &reader)
            let before = try reader.optionalText()
            fields.append(FieldChange(field, before: before, after: try reader.optionalText()))
        }
        let group = try reader.optionalText()
        var path: [Text] = []
        for _ in 0..<(try reader.itemCount()) { path.append(try reader.text()) }
        let rule = ChangeRule(name: try reader.phrase())
        let reason = version > 2 ? try Reason(from: &reader) : .legacy(try reader.phrase())
        let guardName = try reader.flag() ? try reader.word(GuardName.self) : nil
        let tail = version > 1 ? try ChangeTail(from: &reader) : ChangeTail()
        self.init(
            action: action, fields: fields, group: group, path: path, rule: rule, reason: reason, isPrivileged: tail.isPrivileged,
            binding: tail.binding, holders: tail.holders, heldBy: guardName,
            digest: anchor.map {
                ChangeDigest.of(
                    action, anchor: $0, userID: userID, fields: fields, group: group, rule: rule, isPrivileged: tail.isPrivileged,
                    binding: tail.binding)
            } ?? Digest.none)
    }
}

/// What a change's record says of what may be missing.
enum ChangeMarks {
    static let privileged: UInt8 = 1
    static let binding: UInt8 = 2
    static let holders: UInt8 = 4
}

/// The end of a change's record, from version 2 on.
struct ChangeTail {
    var isPrivileged = false
    var binding: ShortDigest?
    var holders: Int?

    init() {}

    init(from reader: inout RecordReader) throws(RecordError) {
        let marks = try reader.octet()
        isPrivileged = marks & ChangeMarks.privileged != 0
        if marks & ChangeMarks.binding != 0 { binding = try reader.shortDigest() }
        if marks & ChangeMarks.holders != 0 { holders = try reader.count() }
    }
}

extension UserField {
    func write(to writer: inout RecordWriter) {
        switch self {
        case .username: writer.write(octet: 0)
        case .email: writer.write(octet: 1)
        case .givenName: writer.write(octet: 2)
        case .familyName: writer.write(octet: 3)
        case .displayName: writer.write(octet: 4)
        case .status: writer.write(octet: 5)
        case .extra(let name):
            writer.write(octet: RowRecord.extraField)
            writer.write(name)
        case .privileged: writer.write(octet: 7)
        case .permissions: writer.write(octet: 8)
        case .namesKept: writer.write(octet: 9)
        }
    }

    init(from reader: inout RecordReader) throws(RecordError) {
        switch try reader.octet() {
        case 0: self = .username
        case 1: self = .email
        case 2: self = .givenName
        case 3: self = .familyName
        case 4: self = .displayName
        case 5: self = .status
        case RowRecord.extraField: self = .extra(try reader.text())
        case 7: self = .privileged
        case 8: self = .permissions
        case 9: self = .namesKept
        default: throw RecordError()
        }
    }
}
