internal import RollcallCore

/// Which accounts the lines of the config mean that name people: by their number from the first time that there is one, whatever the
/// account or another one is called later.
struct AccountPins {
    /// One line of the config.
    struct Line: Hashable {
        enum Kind: String {
            case approver = "operator"
            case protected
            /// An operating-system user who approves while config names no operators.
            case login
        }

        let kind: Kind
        /// What the line says; another text is another line.
        let said: [UInt8]
        /// The username that it means.
        let name: FoldedKey

        init(_ line: Operator) {
            kind = .approver
            name = FoldedKey(line.user)
            said = Array(line.login.utf8) + [0] + name.bytes
        }

        init(protected name: FoldedKey) {
            kind = .protected
            self.name = name
            said = name.bytes
        }

        init(login name: FoldedKey) {
            kind = .login
            self.name = name
            said = name.bytes
        }
    }

    /// What is known of a line.
    enum Standing: Equatable {
        /// The account that it means.
        case account(Int64)
        /// The account that it meant is gone.
        case gone
        /// No account has had the name yet.
        case open
    }

    let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// The lines of a config.
    static func lines(_ operators: [Operator], _ protection: Protection) -> [Line] {
        operators.map { Line($0) } + protection.users.map { Line(protected: $0) }
    }

    /// What the store has kept of a line.
    func standing(of line: Line) throws(StoreError) -> Standing {
        let select = try connection.prepare(
            """
            SELECT p.user_id, EXISTS (SELECT 1 FROM users u WHERE u.id = p.user_id AND u.created_at = p.created_at)
            FROM account_pins p WHERE p.kind = ?1 AND p.line = ?2
            """)
        select.bind(1, text: Text(line.kind.rawValue)).bind(2, line.said)
        guard try select.step() else { return .open }
        return select.number(1) == 0 ? .gone : .account(select.number(0))
    }

    /// The username of an account, folded; `nil` when there is none of that number.
    func name(of user: Int64) throws(StoreError) -> FoldedKey? {
        let select = try connection.prepare("SELECT username FROM users WHERE id = ?1")
        select.bind(1, user)
        return try select.step() ? FoldedKey(select.text(0)) : nil
    }

    /// Who has a username by the claims that are kept.
    func holder(of name: FoldedKey) throws(StoreError) -> Int64? {
        let claim = try connection.prepare("SELECT user_id FROM claims WHERE kind = \(ClaimKind.username.rawValue) AND key = ?1")
        claim.bind(1, name.bytes)
        return try claim.step() ? claim.number(0) : nil
    }

    /// Pins a line that is not pinned yet.
    func keep(_ line: Line, _ user: Int64) throws(StoreError) {
        let insert = try connection.prepare(
            "INSERT OR IGNORE INTO account_pins (kind, line, user_id, created_at) SELECT ?1, ?2, id, created_at FROM users WHERE id = ?3")
        insert.bind(1, text: Text(line.kind.rawValue)).bind(2, line.said).bind(3, user)
        try insert.run()
    }

    /// Forgets the lines that the config no longer has, so that one that comes back is pinned again.
    func forget(but lines: [Line]) throws(StoreError) {
        let select = try connection.prepare("SELECT kind, line FROM account_pins WHERE kind <> 'login'")
        let wanted = Set(lines.map { [UInt8]($0.kind.rawValue.utf8) + [0] + $0.said })
        var stale: [(Text, [UInt8])] = []
        while try select.step() {
            let (kind, said) = (select.text(0), select.bytes(1))
            if !wanted.contains(Array(kind.utf8) + [0] + said) { stale.append((kind, said)) }
        }
        let delete = try connection.prepare("DELETE FROM account_pins WHERE kind = ?1 AND line = ?2")
        for (kind, said) in stale { try delete.bind(1, text: kind).bind(2, said).run() }
    }
}

/// Whom the config's lines mean in one run or deed.
struct PinnedPeople {
    private(set) var standings: [AccountPins.Line: AccountPins.Standing] = [:]
    /// The approver, with the accounts that are theirs by the names that these have now.
    private(set) var approver: Approver?
    private let lines: [AccountPins.Line]

    /// - Parameter holder: who has a username now; asked for lines that are not pinned.
    init(
        _ connection: Connection, _ operators: [Operator], _ protection: Protection, _ approver: Approver?,
        holder: (FoldedKey) throws(StoreError) -> Int64?
    ) throws(StoreError) {
        let pins = AccountPins(connection)
        lines = AccountPins.lines(operators, protection)
        let logins = approver.map { $0.lines.isEmpty && operators.isEmpty ? $0.accounts.map { AccountPins.Line(login: $0) } : [] } ?? []
        for line in lines + (approver?.lines.map { AccountPins.Line($0) } ?? []) + logins where standings[line] == nil {
            var standing = try pins.standing(of: line)
            if standing == .open, let user = try holder(line.name) { standing = .account(user) }
            standings[line] = standing
        }
        guard var approver else { return }
        let own = approver.lines.map { AccountPins.Line($0) }
        approver.accounts.removeAll { name in own.contains { $0.name == name } }
        for line in own + logins {
            if case .account(let user) = standings[line], let name = try pins.name(of: user) { approver.accounts.append(name) }
        }
        self.approver = approver
    }

    /// The accounts that `protect.users` means.
    var protected: [Int64] {
        standings.compactMap { line, standing in
            if line.kind == .protected, case .account(let user) = standing { user } else { nil }
        }
    }

    /// Why the approver cannot approve: an operator without an account; `nil` when they can. Root always can.
    var obstacle: String? {
        guard let approver, !approver.isRoot, let line = approver.lines.first else { return nil }
        let shown = DisplayEscaping.escapedForTerminal(line.user)
        return switch standings[AccountPins.Line(line)] {
        case .account: nil
        case .gone: "the account \(shown) of operator \(approver.shortName) is gone"
        case .open, nil: "operator \(approver.shortName) has no account \(shown) yet"
        }
    }

    /// Keeps all of it, in the transaction that a run ends with. A line whose name no account had is pinned to the one that has it by now.
    func keep(_ connection: Connection) throws(StoreError) {
        let pins = AccountPins(connection)
        try pins.forget(but: lines)
        for (line, standing) in standings {
            switch standing {
            case .account(let user): try pins.keep(line, user)
            case .open: if let user = try pins.holder(of: line.name) { try pins.keep(line, user) }
            case .gone: continue
            }
        }
    }
}
