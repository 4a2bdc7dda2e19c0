extension PlanRow {
    /// The row in its canonical bytes, as plans and the audit log keep it.
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
            writer.write(remark.kind.rawValue)
            writer.write(remark.code)
            writer.write(remark.message)
            writer.write(remark.advice)
            writer.write(remark.isNew)
        }
        return writer.bytes
    }

    /// A row from its canonical bytes; `nil` when they are none.
    public init?(record: [UInt8]) {
        do {
            var reader = RecordReader(record)
            guard try reader.count() == PlanRow.recordVersion else { return nil }
            anchor = Anchor(try reader.field())
            userID = try reader.optionalNumber()
            label = try reader.text()
            changes = []
            for _ in 0..<(try reader.count()) { changes.append(try Change(from: &reader)) }
            remarks = []
            for _ in 0..<(try reader.count()) {
                let kind = try reader.word(Remark.Kind.self)
                let code = try reader.string()
                let message = try reader.string()
                let advice = try reader.string()
                remarks.append(Remark(kind, code, message, advice: advice, isNew: try reader.flag()))
            }
        } catch {
            return nil
        }
    }

    private static let recordVersion = 1
}

extension Change {
    fileprivate func write(to writer: inout RecordWriter) {
        writer.write(action.rawValue)
        writer.write(fields.count)
        for field in fields {
            writer.write(field.field.name)
            writer.write(optional: field.before)
            writer.write(optional: field.after)
        }
        writer.write(optional: group)
        writer.write(path.count)
        for step in path { writer.write(step) }
        writer.write(rule)
        writer.write(reason)
        writer.write(optional: heldBy?.rawValue)
        writer.write(digest)
    }

    fileprivate init(from reader: inout RecordReader) throws(RecordError) {
        let action = try reader.word(Action.self)
        var fields: [FieldChange] = []
        for _ in 0..<(try reader.count()) {
            guard let field = UserField(name: try reader.text()) else { throw RecordError() }
            let before = try reader.optionalText()
            fields.append(FieldChange(field, before: before, after: try reader.optionalText()))
        }
        let group = try reader.optionalText()
        var path: [Text] = []
        for _ in 0..<(try reader.count()) { path.append(try reader.text()) }
        let rule = try reader.string()
        let reason = try reader.string()
        let heldBy = try reader.optionalString()
        let guardName = heldBy.flatMap(GuardName.init(rawValue:))
        if heldBy != nil, guardName == nil { throw RecordError() }
        self.init(
            action: action, fields: fields, group: group, path: path, rule: rule, reason: reason, heldBy: guardName, digest: try reader.digest())
    }
}
