internal import RollcallCore

extension SQLiteSession {
    /// Works out whom the config means by operators and protected users, and who of them approves.
    ///
    /// - Throws: ``StoreError/Code/refused`` when the approver has no account that could be kept from approving for itself.
    func meetPeople() throws(StoreError) {
        asker = asker ?? options.approver
        let met = try PinnedPeople(connection, options.operators, evaluator.rules.protection, asker) {
            (name) throws(StoreError) in try holders(of: [name]).first
        }
        if let obstacle = met.obstacle {
            throw StoreError(
                .refused, subject: connection.subject, message: obstacle,
                advice: "root approves, or another operator; `operators` in the config says which account is whose")
        }
        people = people ?? met
        options.approver = met.approver
        basis.protectedUsers.formUnion(met.protected)
    }

    /// Keeps which accounts they are; the last that a run writes but its record.
    func keepPeople() throws(StoreError) {
        try people?.keep(connection)
    }
}
