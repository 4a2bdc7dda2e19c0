/// A user whom a run deleted, whose names were free for others since, and whom upstream wants back.
extension Planner {
    /// Why `user` cannot come back; `nil` when their username is to be had, or when they do not come back.
    func obstacle(toReturnOf user: LocalUser, _ desired: DesiredUser, _ pair: Pair) -> Remark? {
        guard desired.status.status == .active else { return nil }
        return pair.usernameClaim.obstacle.map {
            Remark(.claim(Remark.Claim(.username, returningName(of: user, desired.username), $0, .staysDeleted)))
        }
    }

    /// The username under which a user would come back.
    public func returningName(of user: LocalUser, _ desired: FieldValue) -> Text {
        guard rules.lifecycle.username == .rename, let wanted = desired.preferring(user.username) else { return user.username }
        return isProtected(name: wanted) ? user.username : wanted
    }

    /// Holds a return as a whole when a new name in it waits for a person: under the old one nobody has looked whether it is free.
    func holdReturn(_ decision: inout Decision) {
        guard decision.row.changes.contains(where: { $0.heldBy == .privilegedIdentifier }) else { return }
        for index in decision.row.changes.indices where decision.row.changes[index].heldBy == nil {
            decision.row.changes[index].heldBy = .privilegedIdentifier
        }
        decision.privilegedGains = []
    }
}
