import RollcallCore
import RollcallTesting
import Testing

@testable import RollcallLDAP

@Suite("Servers that no real one would be", .serialized)
struct HostileServerTests {
    private typealias Server = ScriptedServer

    /// Binds, hides the root DSE, and answers searches for people with `answer`.
    private static func server(_ answer: @escaping @Sendable (ScriptedServer.Request) -> [UInt8]?) throws -> ScriptedServer {
        try ScriptedServer { request in
            switch request.operation {
            case 0x60: return Server.result(request.id, 0x61)
            case 0x63 where request.mentions("ou=people"): return answer(request)
            case 0x63: return Server.result(request.id, 0x65)
            default: return Server.result(request.id, 0x78, code: 2)
            }
        }
    }

    private static func person(_ id: UInt8, _ name: String) -> [UInt8] {
        Server.entry(id, "uid=\(name),ou=people,dc=example,dc=org", [("entryUUID", [name]), ("uid", [name])])
    }

    private static func failure(_ server: ScriptedServer, flavor: LDAPFlavor = .openldap) async throws -> SourceError {
        var settings = LDAPFixture.settings([server.url])
        settings.flavor = flavor
        settings.groups = nil
        settings.answerTimeout = Span(seconds: 1)
        defer { withExtendedLifetime(server) {} }
        return try await LDAPFixture.failure(settings)
    }

    @Test("Pages with a cookie are read to the last, and a changing cookie is what makes them")
    func pages() async throws {
        let server = try HostileServerTests.server { request in
            let next = request.mentions("page-b") ? "" : request.mentions("page-a") ? "page-b" : "page-a"
            let name = next.isEmpty ? "last" : next
            return HostileServerTests.person(request.id, name)
                + Server.result(request.id, 0x65, controls: Server.page(cookie: next))
        }
        var settings = LDAPFixture.settings([server.url])
        settings.groups = nil
        let proof = try #require(try await LDAPFixture.readAll(settings).proof)
        #expect(proof.users == 3 && proof.pages == 3 && proof.watermark == nil)
        withExtendedLifetime(server) {}
    }

    @Test("Success without the paging control is no proof")
    func controlMissing() async throws {
        let server = try HostileServerTests.server {
            HostileServerTests.person($0.id, "u1") + Server.result($0.id, 0x65)
        }
        let error = try await HostileServerTests.failure(server)
        #expect(error.code == .incomplete && error.message.contains("no paging control"), "\(error)")
    }

    @Test("A cookie that repeats is found, for OpenLDAP by itself and elsewhere by the page", arguments: [LDAPFlavor.openldap, .generic])
    func repeated(_ flavor: LDAPFlavor) async throws {
        let server = try HostileServerTests.server {
            HostileServerTests.person($0.id, "u1") + Server.result($0.id, 0x65, controls: Server.page(cookie: "again"))
        }
        let error = try await HostileServerTests.failure(server, flavor: flavor)
        #expect(error.code == .incomplete && error.message.contains("cookie twice"), "\(error)")
    }

    @Test("A bind that succeeds and leaves us anonymous is refused")
    func anonymous() async throws {
        let server = try ScriptedServer { request in
            switch request.operation {
            case 0x60: return Server.result(request.id, 0x61)
            case 0x63:
                return Server.entry(request.id, "", [("supportedExtension", [RootDSE.whoAmI])]) + Server.result(request.id, 0x65)
            default: return Server.result(request.id, 0x78, more: Server.element(0x8B, []))
            }
        }
        let error = try await HostileServerTests.failure(server)
        #expect(error.code == .credentials && error.message.contains("anonymous"), "\(error)")
    }

    @Test("A server that echoes the password is not quoted")
    func echo() async throws {
        let server = try ScriptedServer { request in
            Server.result(request.id, 0x61, code: 49, diagnostic: "bad password \(SlapdServer.syncPassword)!")
        }
        let error = try await HostileServerTests.failure(server)
        #expect(error.code == .credentials && !error.message.contains("bad password"), "\(error)")
    }

    @Test("A server's words come as one line without control characters")
    func words() async throws {
        let server = try ScriptedServer { request in
            Server.result(request.id, 0x61, code: 53, diagnostic: "line one\nline \u{1B}[31mtwo")
        }
        let error = try await HostileServerTests.failure(server)
        #expect(error.message.contains("\"line one line [31mtwo\""), "\(error)")
    }

    @Test("A refused StartTLS ends there: no bind follows in the clear")
    func startTLSRefused() async throws {
        let server = try ScriptedServer { request in
            // A bind would be answered with success, and the reading would go on to its searches.
            request.operation == 0x77 ? Server.result(request.id, 0x78, code: 52) : Server.result(request.id, 0x61)
        }
        var settings = LDAPFixture.settings([server.url], caFile: "/etc/hosts")
        settings.startTLS = true
        for caFile in ["/etc/hosts", nil] {
            settings.caFile = caFile
            let error = try await LDAPFixture.failure(settings)
            #expect(error.code == .untrusted, "\(error)")
        }
        withExtendedLifetime(server) {}
    }

    @Test("Bytes that are no LDAP end the reading without a trap", arguments: [0, 1, 2, 3])
    func garbage(_ kind: Int) async throws {
        let server = try HostileServerTests.server { request in
            switch kind {
            case 0: return [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
            case 1: return [0x30, 0x84, 0x7F, 0xFF, 0xFF, 0xFF, 0x02, 0x01, request.id]
            case 2: return Server.element(0x30, Server.element(0x02, [request.id]), Server.element(0x64, [0x04, 0x20, 0x41]))
            default:
                return Server.element(
                    0x30, Server.element(0x02, [request.id]),
                    Server.element(0x64, Server.text("uid=a"), [0x30, 0x05, 0x30, 0x7F, 0x04, 0x01, 0x41]))
            }
        }
        let error = try await HostileServerTests.failure(server)
        #expect([.incomplete, .unreachable, .timeout].contains(error.code), "\(error)")
    }

    @Test("Entries with a name that is none, or with two anchors, are rejected and counted")
    func oddEntries() async throws {
        let server = try HostileServerTests.server { request in
            Server.entry(request.id, "not a name", [("entryUUID", ["a"])])
                + Server.entry(request.id, "uid=b,ou=people", [("entryUUID", ["b", "c"])])
                + Server.entry(request.id, "uid=d,ou=people", [("entryUUID", ["d"]), ("cn;range=0-9", ["x"])])
                + HostileServerTests.person(request.id, "e")
                + Server.result(request.id, 0x65, controls: Server.page(cookie: ""))
        }
        var settings = LDAPFixture.settings([server.url])
        settings.groups = nil
        let whole = try await LDAPFixture.readAll(settings)
        #expect(whole.proof?.users == 2 && whole.proof?.rejected == 2)
        #expect(whole.rejected.map(\.anchor) == [Anchor("a".utf8), Anchor("b".utf8)] && whole.rejected[1].others == [Anchor("c".utf8)])
        #expect(whole.rejected.map(\.hasCertainName) == [false, true] && whole.rejected.allSatisfy { $0.readable != nil })
        let ranged = try #require(whole.users.first)
        let cn = try #require(LDAPFixture.request.users.slot(of: "cn"))
        #expect(ranged.anchor == Anchor("d".utf8) && (0..<6).filter(ranged.slots.isUnreadable) == [cn])
        withExtendedLifetime(server) {}
    }

    @Test("A server that takes connections and never answers gives way to the next")
    func silent() async throws {
        let silent = try ScriptedServer { _ in [] }
        let fixture = try await LDAPFixture(people: 5)
        defer { fixture.server.end() }
        var settings = fixture.settings
        settings.urls = [silent.url, fixture.server.url]
        settings.answerTimeout = Span(seconds: 1)
        let proof = try #require(try await LDAPFixture.readAll(settings).proof)
        #expect(proof.users == 5 && proof.server == fixture.server.url)
        withExtendedLifetime(silent) {}
    }
}
