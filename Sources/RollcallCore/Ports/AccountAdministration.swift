/// What a person does to the store beside any run.
///
/// A deed is looked at before it is done: ``preview(_:)`` and ``carryOut(_:as:at:)`` go the same way, the one without its writes.
public protocol AccountAdministration: Sendable {
    /// What the deed would do. Nothing is written, and nobody is locked out.
    ///
    /// - Throws: ``StoreError`` with ``StoreError/Code/refused`` when it may not be done, or names nobody.
    func preview(_ request: DeedRequest) throws(StoreError) -> DeedPlan

    /// Takes the applier's lock and does it, with its events in the audit log, in one transaction.
    ///
    /// - Parameter plan: what was looked at; when something else would be done now, nothing is. A deed that somebody else has done
    ///   meanwhile is done.
    /// - Throws: ``StoreError`` as ``preview(_:)`` does, and with ``StoreError/Code/moved`` when something else would be done now.
    func carryOut(_ request: DeedRequest, as plan: DeedPlan, at time: Instant) throws(StoreError) -> DeedPlan
}
