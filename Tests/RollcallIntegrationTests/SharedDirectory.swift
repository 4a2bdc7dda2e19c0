import Foundation
import RollcallTesting

/// One directory server that the tests of this bundle share and only read from, with an account for each way of seeing too little.
///
/// | account | sees |
/// | --- | --- |
/// | sync | everything |
/// | small | 50 entries and then a size limit |
/// | total | pages of 100, but 200 entries in all |
/// | pages | no page above 50 |
/// | blind | nobody below `ou=people` |
/// | partial | six people of ten |
/// | nomail | no `mail` |
enum SharedDirectory {
    static let people = 300

    static func server() async throws -> SlapdServer { try await started.value }

    private static let accounts = ["small", "total", "pages", "blind", "partial", "nomail"]

    private static let started = Task {
        var configuration = SlapdServer.Configuration(ldif: Population(people).serverLDIF(accounts: accounts))
        func dn(_ account: String) -> String { "dn.exact=\"cn=\(account),ou=services,\(SlapdServer.suffix)\"" }
        let base = SampleDirectory.peopleBase
        configuration.databaseLines = [
            "limits \(dn("small")) size.soft=50 size.hard=50",
            "limits \(dn("total")) size.soft=unlimited size.hard=unlimited size.pr=100 size.prtotal=200",
            "limits \(dn("pages")) size.soft=unlimited size.hard=unlimited size.pr=50 size.prtotal=unlimited",
            "access to dn.children=\"\(base)\" by \(dn("blind")) none by * break",
            "access to dn.regex=\"^uid=u[0-9]*[0-3],\(base)$\" by \(dn("partial")) none by * break",
            "access to attrs=mail by \(dn("nomail")) none by * break",
            "access to * by dn.regex=\"^cn=[a-z]+,ou=services,\(SlapdServer.suffix)$\" read by * break",
        ]
        let server = try await SlapdServer.start(configuration)
        AtEnd.end(server)
        return server
    }

    /// The files of a store that `sync` has filled once.
    static func filledStore() async throws -> Workspace { try await filled.value }

    private static let filled = Task {
        let workspace = try Workspace()
        try workspace.configure(source: LDAPSource(try await server()).yaml(in: workspace), Population.rules())
        try await workspace.approveAll()
        AtEnd.remove(workspace.directory)
        return workspace
    }

    /// A workspace of a test's own with a store as `sync` has filled it.
    static func workspace() async throws -> Workspace {
        let workspace = try Workspace(hasStore: false)
        try StoreContent.copyFiles(try await filledStore().store, to: workspace.store)
        return workspace
    }
}

/// The `source` section for a server.
struct LDAPSource {
    var url: String
    var account = "sync"
    var password = SlapdServer.syncPassword
    var caFile: String?
    var base = SampleDirectory.peopleBase
    var pageSize = 100
    var rest = ""

    init(_ server: SlapdServer) {
        url = server.url
    }

    /// The section; the password goes into a file of its own.
    func yaml(in workspace: Workspace) throws -> String {
        let secret = try workspace.writeSecret(password, to: "ldap-password")
        return """
            source:
              type: ldap
              url: "\(url)"
              \(caFile.map { "tls: {ca_file: \"\($0)\"}" } ?? "")
              bind: {dn: "cn=\(account),ou=services,\(SlapdServer.suffix)", password: {file: "\(secret)"}}
              users: {base: "\(base)"}
              groups: {base: "\(SampleDirectory.groupsBase)"}
              page_size: \(pageSize)
              \(rest)
            """
    }
}
