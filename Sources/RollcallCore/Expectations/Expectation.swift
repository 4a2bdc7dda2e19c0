/// What the config is expected to make of one user: a test of the config.
public struct Expectation: Hashable, Sendable {
    /// What is expected.
    public enum Outcome: Hashable, Sendable {
        /// No account has the name.
        case absent
        /// An account has it, of this status if one is given, and in each of these permission groups; it may be in others too.
        case present(status: UserStatus?, groups: [Text])
    }

    /// The username.
    public var user: Text
    public var outcome: Outcome

    public init(user: Text, _ outcome: Outcome) {
        self.user = user
        self.outcome = outcome
    }

    /// The username as names are compared.
    public var key: FoldedKey { FoldedKey(user) }

    /// How it fails; `nil` when it holds.
    ///
    /// - Parameter standing: how the store would have the user after the plan; `nil` when nobody would have the name.
    public func failure(given standing: Standing?) -> FailedExpectation? {
        let holds =
            switch (outcome, standing) {
            case (.absent, nil): true
            case (.absent, _?), (.present, nil): false
            case (.present(let status, let groups), let standing?):
                status.map { $0 == standing.status } ?? true
                    && Set(groups.map { FoldedKey($0) }).isSubset(of: standing.groups.map { FoldedKey($0) })
            }
        return holds ? nil : FailedExpectation(self, found: standing)
    }
}

/// An expectation that does not hold.
public struct FailedExpectation: Hashable, Sendable {
    public var expectation: Expectation
    /// How the store would have the user; `nil` when nobody would have the name.
    public var found: Standing?

    public init(_ expectation: Expectation, found: Standing?) {
        self.expectation = expectation
        self.found = found
    }
}

/// How the store would have one user after a plan.
public struct Standing: Hashable, Sendable {
    public var status: UserStatus
    /// The permission groups, each once, in order.
    public var groups: [Text]

    public init(status: UserStatus, groups: [Text]) {
        self.status = status
        self.groups = groups
    }

    /// The user after `row`: every change of it, also those that wait for a person, but for what keeps a last holder, which nobody
    /// can approve.
    ///
    /// - Parameters:
    ///   - user: The user before; `nil` for one that the row creates.
    ///   - grants: Their memberships before.
    ///   - row: What the plan says about them; `nil` when nothing.
    /// - Returns: `nil` when there is no user after it.
    public init?(_ user: LocalUser?, _ grants: [Grant], after row: PlanRow?) {
        let changes = row?.changes.filter { $0.heldBy != .lastHolder } ?? []
        let isCreated = changes.contains { $0.action == .create }
        guard user != nil || isCreated else { return nil }
        var status = user?.status ?? .active
        for field in changes.flatMap(\.fields) where field.field == .status {
            status = field.after.flatMap { UserStatus(rawValue: $0.string) } ?? status
        }
        var fromSource = Set(grants.filter { $0.origin == .source }.map(\.group))
        for change in changes {
            switch change.action {
            case .deactivate, .delete, .purge: fromSource = []
            case .grant: if let group = change.group { fromSource.insert(group) }
            case .revoke: if let group = change.group { fromSource.remove(group) }
            case .create, .update, .rename, .reactivate, .adopt, .permissionGroup, .names: continue
            }
        }
        self.init(status: status, groups: fromSource.union(grants.filter { $0.origin == .local }.map(\.group)).sorted())
    }
}
