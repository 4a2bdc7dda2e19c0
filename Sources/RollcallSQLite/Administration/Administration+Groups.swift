internal import RollcallCore

// What group rules have pinned.
extension Administration {
    func repin(_ standings: [PinStanding]) throws(StoreError) -> DeedPlan {
        var plan = DeedPlan()
        let pins = try GroupPinWriter(connection)
        for standing in standings {
            guard try pins.anchors(of: standing.selector) == Set(standing.pinned.map(\.anchor)) else {
                throw StoreError(
                    .moved, subject: "group rule \(standing.rule)", message: "it has pinned something else meanwhile",
                    advice: "look at it again")
            }
            if writes { try pins.pin(standing.review.settled, for: standing.selector, at: now, run: nil) { _ in .pinned } }
            plan.operations.append(operation(standing.text, "\(names(standing.pinned)) → \(names(standing.review.settled))"))
        }
        if plan.operations.isEmpty { plan.idle = "nothing waits: every rule has its group" } else { try moveGeneration() }
        return plan
    }

    private func names(_ groups: [PinnedGroup]) -> String {
        groups.isEmpty ? "nothing" : groups.map { "\($0.dn) (\($0.anchor))" }.joined(separator: ", ")
    }
}
