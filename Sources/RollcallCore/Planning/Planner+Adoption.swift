/// Local users that entries are linked to, always after a person has looked.
extension Planner {
    /// The adoption of the local user who has the entry's name; `nil` when there is none to adopt.
    func adoption(_ desired: DesiredUser, _ pair: Pair) -> Decision? {
        guard rules.lifecycle.adoption != .never, let candidate = pair.candidate, mayBeAdopted(candidate) else { return nil }
        var linked = pair
        linked.user = candidate.user
        linked.grants = candidate.grants
        linked.usernameClaim = pair.usernameClaim.own(by: candidate.user.id)
        linked.emailClaim = pair.emailClaim.own(by: candidate.user.id)
        var decision = self.linked(candidate.user, desired, linked)
        // What waits for a reason of its own is proposed once the two are linked, and does not pass with the adoption.
        decision.row.changes.removeAll { $0.heldBy != nil }
        decision.privilegedGains = []
        let by = rules.lifecycle.adoption == .email ? ChangeRule.Adopted.email : .username
        decision.row.changes.insert(
            change(
                .adopt, rule: .adoption(by), reason: .sameIdentifier(by, candidate.user.username), linked),
            at: 0)
        for index in decision.row.changes.indices { decision.row.changes[index].heldBy = .adoption }
        decision.needsAttention = true
        return decision
    }

    /// Whoever can do more than others is never taken over by whoever has their name upstream.
    private func mayBeAdopted(_ candidate: Candidate) -> Bool {
        candidate.user.status != .deleted && candidate.user.role == .none && !isProtected(candidate.user)
            && !candidate.grants.contains(where: \.isPrivileged)
    }
}

extension ClaimVerdict {
    /// The verdict once the name's holder is the entry's own user.
    fileprivate func own(by user: Int64) -> ClaimVerdict {
        if case .taken(let holder) = self, holder.userID == user { .granted } else { self }
    }
}
