internal import RollcallCore

// What the guards saw and said.
extension Wording {
    static let heldGuardsTitle = "Guards that hold"
    static let approvedGuardsTitle = "Guards that would have held, approved"

    /// The guards that held, those that stop the whole plan first. The last holders are named before all else and left out here.
    func heldGuards(_ highlights: Highlights) -> [GuardResult] {
        // A pause is what the verdict itself says.
        let held = record.guards.filter {
            $0.verdict == .held && $0.guardName != .paused && ($0.guardName != .lastHolder || highlights.lastHolderCount == 0)
        }
        return held.filter { $0.reach == .plan } + held.filter { $0.reach == .changes }
    }

    /// The guards that would have held, had nobody approved the plan.
    var approvedGuards: [GuardResult] { record.guards.filter { $0.verdict == .approved } }

    /// What a guard saw, and its limit.
    func numbers(of result: GuardResult) -> DisplayText {
        var numbers = "observed \(result.observed.grouped)"
        if let whole = result.whole { numbers += " of \(whole.grouped)" }
        if !result.limit.description.isEmpty { numbers += ", limit \(result.limit)" }
        if let window = result.window { numbers += ", within \(window)" }
        return shown(numbers)
    }

    /// What a guard stops, or would have stopped.
    func hold(of result: GuardResult) -> String {
        "\(result.verdict == .held ? "holds" : "held") \(result.reach == .plan ? "the whole plan" : "these changes")"
    }

    /// What a guard says, or what to look at first; `nil` when there is nothing to say.
    func message(of result: GuardResult) -> DisplayText? {
        let message = result.message.isEmpty ? Wording.firstLook[result.guardName] ?? "" : result.message
        return message.isEmpty ? nil : shown(message)
    }

    /// What to look at first when a guard holds and says nothing itself.
    static let firstLook: [GuardName: String] = [
        .empty: "The source gave no entries. Look at its base and filter, and at what the bind account may read.",
        .firstRun: "The store has no linked users yet. Look through the creations before the first apply.",
        .scope: "The config asks for something else than the last applied run did. Look at what it would change.",
        .deactivations: "Many people would lose access. Look at the source's base and filter, and at recent changes upstream.",
        .reactivations: "Many people would regain access. Look at whether a status attribute vanished upstream.",
        .creations: "Many accounts would be new. Look at whether base or filter reaches further than meant.",
        .identifiers: "Many usernames or emails would change. Look at the attribute mapping, and at renames upstream.",
        .shrink: "The source gave far fewer entries than before. Look at its base, filter and permissions.",
        .attributeGone: "A mapped attribute vanished from many entries. Look at what the bind account may read.",
        .rejected: "Many entries cannot be used. Look at the warnings and conflicts below.",
        .privilegedGrant: "Look at each person and the path by which the grant comes.",
        .privilegedIdentifier: "Look at whether it is still the same person: a password can be reset by email.",
        .groupRevocations: "Many would lose one permission group. Look at the upstream groups that give it.",
        .adoption: "Look at whether the local account and the entry are the same person.",
        .groupReplaced: "A mapped group vanished, or another one has its name. Look at it upstream before you approve.",
        .anchorsChanged: "Known usernames came with unknown anchors. Was the server rebuilt?",
        .ownAccess: "Nobody changes their own status or privileged groups. Somebody else must approve it.",
        .permissionChanges: "Every holder of the permission group could do more at once. Look at what it would permit.",
        .rejection: "A person has rejected these changes, or one that they need. Approving what was rejected by `--only` takes that back.",
        .paused: "Somebody paused the source. `rollcall resume` lets runs apply again.",
        .expect: "The config expects something else of a user. Look at its rules, or at what it expects.",
        .lastHolder: "A privileged group would be left without an active member. Name a successor first.",
    ]
}
