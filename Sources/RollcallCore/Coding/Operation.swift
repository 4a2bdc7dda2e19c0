/// One thing that a person did to the store beside any run, as the audit log keeps it.
public struct Operation: Hashable, Sendable {
    /// Who did it: the operating-system user, and whom they say they are acting for.
    public var actor: Text
    /// The command that did it: `users hold`.
    public var verb: String
    /// What it was done to: a username, an anchor, a group, or the source.
    public var subject: Text
    /// What came of it, in one line.
    public var detail: Text

    public init(actor: Text, verb: String, subject: Text, detail: Text) {
        self.actor = actor
        self.verb = verb
        self.subject = subject
        self.detail = detail
    }

    /// The operation in its canonical bytes.
    public var record: [UInt8] {
        var writer = RecordWriter(reserving: 128)
        writer.write(Operation.recordVersion)
        writer.write(actor)
        writer.write(verb)
        writer.write(subject)
        writer.write(detail)
        return writer.bytes
    }

    /// An operation from its canonical bytes; `nil` when they are none.
    public init?(record: [UInt8]) {
        guard let operation = record.withUnsafeBytes({ Operation(lent: $0) }) else { return nil }
        self = operation
    }

    private init?(lent record: UnsafeRawBufferPointer) {
        do {
            var reader = RecordReader(record)
            guard try reader.count() == Operation.recordVersion else { return nil }
            actor = try reader.text()
            verb = try reader.string()
            subject = try reader.text()
            detail = try reader.text()
        } catch {
            return nil
        }
    }

    private static let recordVersion = 1
}
