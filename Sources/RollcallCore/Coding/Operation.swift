/// What an administrator did by hand, as the audit log keeps it.
public struct Operation: Hashable, Sendable {
    /// Who did it: the operating-system user, and whom they say they are acting for.
    public var actor: Text
    /// The command in a few words: `groups repin`.
    public var verb: String
    /// What it was done to.
    public var subject: Text
    /// What it did to it, in one line.
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
        writer.write(1)
        writer.write(actor)
        writer.write(verb)
        writer.write(subject)
        writer.write(detail)
        return writer.bytes
    }
}
