/// What a person decided about a held plan, as the audit log keeps it.
public struct HeldDecision: Hashable, Sendable {
    public var id: HeldPlanID
    public var state: HeldPlan.State
    /// Who decided: the operating-system user, and whom they say they are acting for.
    public var actor: Text

    public init(id: HeldPlanID, state: HeldPlan.State, actor: Text) {
        self.id = id
        self.state = state
        self.actor = actor
    }

    /// The decision in its canonical bytes.
    public var record: [UInt8] {
        var writer = RecordWriter(reserving: 64)
        writer.write(1)
        writer.write(id.description)
        writer.write(word: state)
        writer.write(actor)
        return writer.bytes
    }
}
