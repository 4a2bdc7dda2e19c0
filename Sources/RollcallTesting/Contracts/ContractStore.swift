public import RollcallCore

/// What a contract needs beside the ports: a store of its own, set up and looked at as an application would.
public protocol ContractStore: AnyObject {
    /// The store; nothing has made it yet.
    var store: any UserStore { get }

    /// Makes the store without any run, empty.
    func make() throws

    /// Adds an account that no entry is linked to, with its claims.
    func addUser(_ username: Text, email: Text?, status: UserStatus, role: Role) throws

    /// Gives an account a permission group, a session and an API token locally.
    func addAccess(_ username: Text, group: Text, isPrivileged: Bool) throws

    /// Changes an account as an application does.
    func set(_ username: Text, status: UserStatus) throws

    /// Changes an account as an application does.
    func set(_ username: Text, role: Role) throws

    /// Removes an account's row as an application does.
    func remove(_ username: Text) throws

    /// All that the store holds about accounts.
    func dump() throws -> ContractDump

    /// Whether the audit log is whole.
    func isAuditWhole() throws -> Bool

    /// Changes one event of the audit log, as an intruder would.
    func tamperWithAudit() throws

    /// What people did beside any run, in order.
    func operations() throws -> [Operation]

    /// The rows of the newest run that was kept.
    func newestRows() throws -> [PlanRow]
}

/// What a store holds about accounts, each line a text, sorted.
public struct ContractDump: Hashable, Sendable {
    /// `name|email|given|family|display|extra|status|role|held` and whatever else the store keeps of an account.
    public var users: [Text: String]
    /// `kind key name`.
    public var claims: [String]
    /// `name group origin path`.
    public var grants: [String]
    /// `anchor name`, and since when the entry is absent if it is.
    public var links: [String]
    /// `name` for each session and API token.
    public var accesses: [String]

    public init(users: [Text: String], claims: [String], grants: [String], links: [String], accesses: [String]) {
        self.users = users
        self.claims = claims
        self.grants = grants
        self.links = links
        self.accesses = accesses
    }
}

/// What a store did that it must not.
public struct ContractFailure: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
