/// The person behind an approval or an operation: an operating-system user, and the accounts of the store that are theirs.
public struct Approver: Hashable, Sendable {
    /// As reports and the audit log name them: `alice (uid 1000)`, and whom `sudo` says that they are.
    public var name: Text
    /// In a word: the operating-system user, or whom `sudo` says that they are.
    public var shortName: Text
    /// The usernames of the accounts that are theirs. A store knows some by number, and puts in the names that these have now.
    public var accounts: [FoldedKey]
    /// The lines of the config by which accounts are theirs, the line of the operating-system user first; empty when it names no operators.
    public var lines: [Operator] = []
    /// Whether nobody could keep them from anything, so that what they do stands and is told.
    public var isRoot: Bool
    /// What is to be said of whatever they approve; `nil` when they are entitled to it.
    public var finding: Text?

    public init(name: Text, shortName: Text, accounts: [FoldedKey], isRoot: Bool = false, finding: Text? = nil) {
        self.name = name
        self.shortName = shortName
        self.accounts = accounts
        self.isRoot = isRoot
        self.finding = finding
    }

    /// The approver behind an operating-system user; `nil` when the config names operators and they are none.
    ///
    /// - Parameters:
    ///   - user: who runs the program.
    ///   - claimed: whom `sudo` says that they are. It is not proved, so it never lets anybody do more.
    ///   - operators: who may approve; empty for everybody who can write the store.
    public init?(_ user: SystemUser, claimed: SystemUser?, operators: [Operator]) {
        let named = operators.contains { $0.login == user.name }
        guard operators.isEmpty || named || user.isRoot else { return nil }
        self.init(
            name: Text("\(user)" + (claimed.map { ", by sudo for \($0)" } ?? "") + (operators.isEmpty || named ? "" : ", no operator")),
            shortName: (claimed ?? user).name ?? Text("uid \((claimed ?? user).number)"),
            accounts: [user, claimed].compactMap { $0?.name }.map { login in
                FoldedKey(operators.first { $0.login == login }?.user ?? login)
            }, isRoot: user.isRoot)
        lines = [user, claimed].compactMap { $0?.name }.compactMap { login in operators.first { $0.login == login } }
        if !operators.isEmpty, !named { finding = Text("approved by \(name): the config's operators do not name root") }
    }

    /// Whether an account is their own.
    public func owns(_ username: Text) -> Bool {
        accounts.contains(FoldedKey(username))
    }
}

/// An operating-system user.
public struct SystemUser: Hashable, Sendable, CustomStringConvertible {
    /// The login name; `nil` when the system has none for the number.
    public var name: Text?
    public var number: UInt32

    public init(name: Text?, number: UInt32) {
        self.name = name
        self.number = number
    }

    /// Whether it is the one who may do everything.
    public var isRoot: Bool { number == 0 }

    public var description: String { (name.map { "\($0) " } ?? "") + "(uid \(number))" }
}

/// An operating-system user whom the config lets approve, and who they are in the store.
public struct Operator: Hashable, Sendable {
    /// What they may do.
    public enum Role: String, Hashable, Sendable, CaseIterable {
        /// Approve, reject, and all other operations.
        case approver
    }

    /// The operating-system user's name.
    public var login: Text
    /// The username of their account in the store.
    public var user: Text
    public var role: Role

    public init(login: Text, user: Text, role: Role = .approver) {
        self.login = login
        self.user = user
        self.role = role
    }
}
