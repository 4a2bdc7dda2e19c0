extension PlanRow {
    /// The row in its canonical bytes, as plans and the audit log keep it. The digests of its changes follow from the rest.
    public var record: [UInt8] {
        var writer = RecordWriter(reserving: 384)
        writer.write(PlanRow.recordVersion)
        writer.write(anchor.bytes)
        writer.write(optional: userID)
        writer.write(label)
        writer.write(changes.count)
        for change in changes { change.write(to: &writer) }
        writer.write(remarks.count)
        for remark in remarks {
            writer.write(word: remark.kind)
            writer.write(remark.code)
            writer.write(remark.message)
            writer.write(remark.advice)
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
            guard try reader.count() == PlanRow.recordVersion else { return nil }
            anchor = Anchor(try reader.field())
            userID = try reader.optionalNumber()
            label = try reader.text()
            changes = []
            for _ in 0..<(try reader.itemCount()) {
                changes.append(try Change(from: &reader, anchor: digests ? anchor : nil, userID: userID))
            }
            remarks = []
            for _ in 0..<(try reader.itemCount()) {
                let kind = try reader.word(Remark.Kind.self)
                let code = try reader.string()
                let message = try reader.string()
                let advice = try reader.string()
                let standing = try reader.octet()
                var remark = Remark(kind, code, message, advice: advice, isNew: standing == 1)
                remark.isAcknowledged = standing == 2
                remarks.append(remark)
            }
        } catch {
            return nil
        }
    }

    static let recordVersion = 1
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
        writer.write(phrase: rule)
        writer.write(phrase: reason)
        writer.write(heldBy != nil)
        if let heldBy { writer.write(word: heldBy) }
    }

    fileprivate init(from reader: inout RecordReader, anchor: Anchor?, userID: Int64?) throws(RecordError) {
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
        let rule = try reader.phrase()
        let reason = try reader.phrase()
        let guardName = try reader.flag() ? try reader.word(GuardName.self) : nil
        self.init(
            action: action, fields: fields, group: group, path: path, rule: rule, reason: reason, heldBy: guardName,
            digest: anchor.map { ChangeDigest.of(action, anchor: $0, userID: userID, fields: fields, group: group, rule: rule) }
                ?? Digest.none)
    }
}

extension UserField {
    fileprivate func write(to writer: inout RecordWriter) {
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
        }
    }

    fileprivate init(from reader: inout RecordReader) throws(RecordError) {
        switch try reader.octet() {
        case 0: self = .username
        case 1: self = .email
        case 2: self = .givenName
        case 3: self = .familyName
        case 4: self = .displayName
        case 5: self = .status
        case RowRecord.extraField: self = .extra(try reader.text())
        default: throw RecordError()
        }
    }
}
