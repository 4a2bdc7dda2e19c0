/// A permission group as the store has it.
public struct StoredPermissionGroup: Hashable, Sendable {
    public var name: Text
    public var isPrivileged: Bool
    /// The permissions as they are stored: a JSON array.
    public var stored: Text
    /// The permissions; none when what is stored is no JSON array of texts.
    public var permissions: [Text]
    /// How many active users have the group.
    public var holders: Int

    public init(name: Text, isPrivileged: Bool, stored: Text, permissions: [Text], holders: Int) {
        self.name = name
        self.isPrivileged = isPrivileged
        self.stored = stored
        self.permissions = permissions
        self.holders = holders
    }
}

/// What accounts share: permission groups, and the names of deleted accounts.
extension Planner {
    /// What becomes of a permission group that config declares; `nil` when the store has it as declared.
    ///
    /// One that gains a permission, or is no longer privileged, waits for a person: every holder can do more at once. A new one has no
    /// holders yet; its memberships are changes of their own.
    ///
    /// - Parameter stored: what the store has; `nil` when there is no such group.
    public static func row(for declared: PermissionGroup, _ stored: StoredPermissionGroup?) -> PlanRow? {
        let wanted = Text(jsonArray: declared.permissions)
        var fields: [FieldChange] = []
        if stored?.isPrivileged != declared.isPrivileged {
            fields.append(FieldChange(.privileged, before: stored.map { yesOrNo($0.isPrivileged) }, after: yesOrNo(declared.isPrivileged)))
        }
        if stored?.stored != wanted { fields.append(FieldChange(.permissions, before: stored?.stored, after: wanted)) }
        if fields.isEmpty { return nil }
        // An application may have given it another name; its key says which group it is.
        let isRenamed = stored.map { FoldedKey($0.name) != FoldedKey(declared.name) } ?? true
        let name = isRenamed ? declared.name : stored?.name ?? declared.name
        let holders = stored?.holders ?? 0
        let gained = stored.map { Set(declared.permissions).subtracting($0.permissions) } ?? []
        let lost = stored.map { Set($0.permissions).subtracting(declared.permissions) } ?? []
        let losesPrivilege = stored?.isPrivileged == true && !declared.isPrivileged
        var row = PlanRow(anchor: Anchor([]), userID: nil, label: name)
        row.subject = .permissionGroup
        let reason = Reason.declared(Reason.Declaration(holders: stored?.holders, gained: gained.sorted(), lost: lost.sorted()))
        row.changes = [
            Change(
                action: .permissionGroup, fields: fields, group: name, rule: .permissionGroups,
                reason: reason, isPrivileged: declared.isPrivileged || losesPrivilege, holders: holders,
                heldBy: !gained.isEmpty || losesPrivilege ? .permissionChanges : nil,
                digest: ChangeDigest.of(
                    .permissionGroup, anchor: row.anchor, userID: nil, fields: fields, group: name, rule: .permissionGroups,
                    isPrivileged: declared.isPrivileged || losesPrivilege))
        ]
        return row
    }

    /// What becomes of the names of deleted accounts, which config frees for other accounts or keeps from them.
    ///
    /// - Parameters:
    ///   - count: how many accounts it is about.
    ///   - first: the first few of their usernames.
    ///   - accounts: stands for which they are.
    ///   - frees: whether their names become free, rather than theirs again.
    public static func row(forNamesOf count: Int, _ first: [Text], _ accounts: ShortDigest, frees: Bool) -> PlanRow {
        var row = PlanRow(anchor: Anchor([]), userID: nil, label: namesLabel)
        row.subject = .names
        let (some, none) = (Text("\(count)"), Text("0"))
        let fields = [FieldChange(.namesKept, before: frees ? some : none, after: frees ? none : some)]
        row.changes = [
            Change(
                action: .names, fields: fields, rule: .reusedIdentifiers,
                reason: .names(Reason.Names(areFreed: frees, first: first, more: max(count - first.count, 0))), binding: accounts,
                digest: ChangeDigest.of(
                    .names, anchor: row.anchor, userID: nil, fields: fields, group: nil, rule: .reusedIdentifiers, binding: accounts)
            )
        ]
        return row
    }

    private static let namesLabel = Text("deleted accounts")

    /// How a field says that a permission group is privileged.
    public static let yes = Text("yes")
    private static let no = Text("no")

    private static func yesOrNo(_ truth: Bool) -> Text { truth ? yes : no }
}

extension LocalUser {
    /// The names that an approval of privilege for this account covers.
    var identity: ChangeBinding.Identity { ChangeBinding.Identity(username: username, email: email) }
}
