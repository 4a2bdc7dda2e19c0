public import RollcallCore
import RollcallTesting
import Testing

@testable import RollcallLDAP

/// A real server with made-up people, and the settings to read it.
struct LDAPFixture {
    let server: SlapdServer
    var settings: LDAPSettings

    init(people: Int = 20, groups: Int = 0, extra: String = "", _ change: (inout SlapdServer.Configuration) -> Void = { _ in })
        async throws
    {
        var sample = SampleDirectory(people: people, groups: groups)
        sample.extra = extra
        var configuration = SlapdServer.Configuration(ldif: sample.ldif)
        change(&configuration)
        server = try await SlapdServer.start(configuration)
        settings = LDAPFixture.settings([server.url], caFile: server.authority.certificate)
    }

    static func settings(_ urls: [String], caFile: String? = nil) -> LDAPSettings {
        var settings = LDAPSettings(
            urls: urls, flavor: .openldap,
            users: .init(base: SampleDirectory.peopleBase, filter: .equality("objectClass", "inetOrgPerson")))
        settings.groups = .init(base: SampleDirectory.groupsBase, filter: .equality("objectClass", "groupOfNames"))
        settings.bind = .simple(dn: SlapdServer.syncDN, password: .file("the right one"))
        settings.caFile = caFile
        settings.pageSize = 100
        settings.answerTimeout = Span(seconds: 10)
        return settings
    }

    static let request = ReadRequest(
        users: AttributeLayout(anchor: "entryUUID", others: ["uid", "cn", "sn", "mail", "telephoneNumber"]), groupAnchor: "entryUUID",
        groupName: "cn", groupMembers: ["member"], readsGroups: true)

    /// A directory whose secrets are: the server's password, a wrong one, and an empty one.
    static func directory(_ settings: LDAPSettings) -> LDAPDirectory {
        LDAPDirectory(settings) { (reference) throws(SourceError) in
            switch reference {
            case .file("the right one"): Secret(Array(SlapdServer.syncPassword.utf8))
            case .file("an empty one"): Secret([])
            default: Secret(Array("wrong-\(SlapdServer.syncPassword)".utf8))
            }
        }
    }

    func readAll() async throws(SourceError) -> Whole { try await LDAPFixture.readAll(settings) }

    /// The error that a reading ends with, checked to be one line without the password.
    func failure() async throws -> SourceError { try await LDAPFixture.failure(settings) }

    static func readAll(_ settings: LDAPSettings) async throws(SourceError) -> Whole {
        let reading = try await directory(settings).read(request)
        var whole = Whole()
        while true {
            switch try await reading.next() {
            case .batch(let batch):
                whole.users += batch.users
                whole.groups += batch.groups
                whole.rejected += batch.rejected
                if !batch.users.isEmpty { whole.sawUsers = true }
                if whole.sawUsers, !batch.groups.isEmpty { whole.groupsAfterUsers = true }
            case .end(let proof):
                whole.proof = proof
                return whole
            }
        }
    }

    static func failure(_ settings: LDAPSettings) async throws -> SourceError {
        do throws(SourceError) {
            let proof = try await readAll(settings).proof
            return SourceError(.malformed, subject: "test", message: "the reading was whole: \(String(describing: proof))")
        } catch {
            #expect(!"\(error)".contains(SlapdServer.syncPassword), "a password in \(error)")
            #expect(!"\(error)".contains("\n"))
            return error
        }
    }
}

/// Everything that a reading delivered.
struct Whole {
    var users: [Entry] = []
    var groups: [GroupEntry] = []
    var rejected: [RejectedEntry] = []
    var proof: ReadProof?
    var sawUsers = false
    var groupsAfterUsers = false
}

struct Unexpected: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension AttributeName: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) {
        guard let name = AttributeName(value) else { preconditionFailure("\(value) is no attribute name") }
        self = name
    }
}

extension Filter.AssertionValue: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) {
        self.init(value)
    }
}
