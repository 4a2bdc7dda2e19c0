public import RollcallCore

/// One account as the lists show it.
public struct ListedUser: Hashable, Sendable {
    public var user: LocalUser
    /// The linked entry; `nil` for a local account.
    public var anchor: Anchor?
    /// Since when the linked entry is absent.
    public var leavingSince: Instant?
    /// The memberships with their way.
    public var grants: [ListedGrant]
    /// Whether the username is the account's own; if not, another account has it or it is not claimed yet, and the account is in no view.
    public var ownsUsername: Bool
}

/// One membership as the lists show it.
public struct ListedGrant: Hashable, Sendable {
    public var group: Text
    public var origin: Grant.Origin
    /// The upstream groups through which it comes; `nil` for a local one.
    public var path: Text?
}

/// One permission group as the lists show it.
public struct ListedGroup: Hashable, Sendable {
    public var name: Text
    public var isPrivileged: Bool
    public var members: Int
    public var activeMembers: Int
    /// A JSON array of texts.
    public var permissions: Text
}

/// One upstream group as the lists show it.
public struct ListedUpstreamGroup: Hashable, Sendable {
    public var name: Text
    public var dn: Text
    public var members: Int
}

extension StoreReader {
    /// Accounts in the order of their usernames.
    ///
    /// - Parameters:
    ///   - status: only accounts of this status; `nil` for all.
    ///   - search: only accounts whose username, email or display name has this text, without regard to ASCII case.
    public func forEachUser(status: UserStatus?, search: Text?, _ body: (ListedUser) throws -> Bool) throws {
        let users = try connection.prepare(
            """
            SELECT \(LocalUser.columns), u.id, e.anchor, e.leaving_since, u.username_key IS NOT NULL FROM users u LEFT JOIN entries e ON e.user_id = u.id
            WHERE (?1 IS NULL OR u.status = ?1)
            AND (?2 IS NULL OR instr(lower(u.username), lower(?2)) OR instr(lower(u.email), lower(?2)) OR instr(lower(u.display_name), lower(?2)))
            ORDER BY u.username COLLATE NOCASE, u.id
            """)
        users.bind(1, text: status.map { Text($0.rawValue) }).bind(2, text: search)
        while try users.step() {
            guard try body(try listed(users)) else { return }
        }
    }

    /// The account called `name`, by the folded key of its username or else of its email; a deleted one whose names are free only by
    /// its very username, and when nobody else is called so.
    public func user(named name: Text) throws(StoreError) -> ListedUser? {
        let users = try connection.prepare(
            """
            SELECT \(LocalUser.columns), u.id, e.anchor, e.leaving_since, u.username_key IS NOT NULL FROM users u LEFT JOIN entries e ON e.user_id = u.id
            WHERE u.id IN (SELECT user_id FROM claims WHERE key = ?1) OR u.username = ?2
            AND u.id IN (SELECT user_id FROM unclaimed UNION ALL SELECT user_id FROM freed)
            ORDER BY u.id IN (SELECT user_id FROM freed), u.username_key IS NULL, u.id LIMIT 1
            """)
        users.bind(1, FoldedKey(name).bytes).bind(2, text: name)
        return try users.step() ? try listed(users) : nil
    }

    private func listed(_ row: Statement) throws(StoreError) -> ListedUser {
        let id = row.number(9)
        return ListedUser(
            user: LocalUser(row, id: id), anchor: row.isNull(10) ? nil : Anchor(row.bytes(10)),
            leavingSince: row.optionalNumber(11).map { Instant(microseconds: $0) }, grants: try grants(of: id),
            ownsUsername: row.number(12) != 0)
    }

    private func grants(of user: Int64) throws(StoreError) -> [ListedGrant] {
        let grants = try connection.prepare(
            """
            SELECT p.name, g.origin, w.path FROM grants g JOIN permission_groups p ON p.id = g.group_id
            LEFT JOIN grant_paths w ON w.id = g.path_id WHERE g.user_id = ?1 ORDER BY p.name, g.origin
            """)
        grants.bind(1, user)
        var result: [ListedGrant] = []
        while try grants.step() {
            result.append(
                ListedGrant(
                    group: grants.text(0), origin: Grant.Origin(rawValue: grants.text(1).string) ?? .local, path: grants.optionalText(2)))
        }
        return result
    }

    /// Permission groups by name.
    public func forEachGroup(_ body: (ListedGroup) throws -> Bool) throws {
        let groups = try connection.prepare(
            """
            SELECT p.name, p.privileged, p.permissions, count(DISTINCT g.user_id),
            count(DISTINCT CASE WHEN u.status = 'active' AND u.username_key IS NOT NULL THEN g.user_id END)
            FROM permission_groups p LEFT JOIN grants g ON g.group_id = p.id LEFT JOIN users u ON u.id = g.user_id
            GROUP BY p.id ORDER BY p.key
            """)
        while try groups.step() {
            let group = ListedGroup(
                name: groups.text(0), isPrivileged: groups.number(1) != 0, members: Int(groups.number(3)),
                activeMembers: Int(groups.number(4)),
                permissions: groups.text(2))
            guard try body(group) else { return }
        }
    }

    /// The members of the permission group called `name`, by username; `false` when there is no such group.
    public func forEachMember(of name: Text, _ body: (_ username: Text, _ status: UserStatus, ListedGrant) throws -> Bool) throws -> Bool {
        let group = try connection.prepare("SELECT id, name FROM permission_groups WHERE key = ?1")
        group.bind(1, FoldedKey(name).bytes)
        guard try group.step() else { return false }
        let members = try connection.prepare(
            """
            SELECT u.username, u.status, g.origin, w.path FROM grants g JOIN users u ON u.id = g.user_id
            LEFT JOIN grant_paths w ON w.id = g.path_id WHERE g.group_id = ?1 ORDER BY u.username, g.origin
            """)
        members.bind(1, group.number(0))
        while try members.step() {
            let grant = ListedGrant(
                group: group.text(1), origin: Grant.Origin(rawValue: members.text(2).string) ?? .local, path: members.optionalText(3))
            guard try body(members.text(0), UserStatus(rawValue: members.text(1).string) ?? .inactive, grant) else { return true }
        }
        return true
    }

    /// Upstream groups of the last applied snapshot that no rule reaches, by name.
    public func forEachUnmappedGroup(_ body: (ListedUpstreamGroup) throws -> Bool) throws {
        let groups = try connection.prepare(
            "SELECT name, dn, member_count FROM upstream_groups WHERE source = 1 AND reached = 0 ORDER BY name, dn")
        while try groups.step() {
            guard try body(ListedUpstreamGroup(name: groups.text(0), dn: groups.text(1), members: Int(groups.number(2)))) else { return }
        }
    }
}
