import Foundation
import RollcallTesting
import Testing

@Suite struct ScriptedScimServerTests {
    @Test("a proper server gives pages, single resources and discovery, and keeps a log")
    func proper() async throws {
        let server = try await ScriptedScimServer.start(users: 25, groups: 3)
        defer { server.end() }
        let page = try get(server, "/Users?startIndex=21&count=10")
        #expect(page["totalResults"]?.integer == 25)
        #expect(page["Resources"]?.elements.compactMap { $0["userName"]?.text } == ["u20", "u21", "u22", "u23", "u24"])
        #expect(try get(server, "/Users/\(ScriptedDirectory.userID(7))")["userName"] == "u7")
        let group = try get(server, "/Groups/\(ScriptedDirectory.groupID(2))")
        #expect(group["members"]?.elements.count == 7)
        #expect(try get(server, "/ServiceProviderConfig")["filter"]?["supported"] == true)
        let log = try server.log()
        #expect(log.map(\.number) == [1, 2, 3, 4])
        #expect(log[0].query == "startIndex=21&count=10")
        #expect(log.allSatisfy { $0.status == 200 && $0.authorization == "none" })
    }

    @Test("a fault strikes its page and no other, as often as it says")
    func fault() async throws {
        let script = ScimScript(faults: [ScimFault(.status(503, retryAfter: 7), path: "/Users", page: .middle, times: 2)])
        let server = try await ScriptedScimServer.start(users: 25, script: script)
        defer { server.end() }
        let statuses = try [1, 11, 11, 11, 21].map { try answer(server, "/Users?startIndex=\($0)&count=10").status }
        #expect(statuses == [200, 503, 503, 200, 200])
        try #expect(server.log().map(\.faults) == [[], ["status"], ["status"], [], []])
    }

    /// Nearly every fault there is: the server knows them all by name, and answers the next request as ever.
    @Test(
        "the server knows the fault",
        arguments: [
            .status(400, scimType: "expiredCursor"), .body("{}"), .redirect(to: "/elsewhere"), .html, .mediaType("text/plain"),
            .header("X-A", "b"), .delay(milliseconds: 1), .drip(bytes: 400, milliseconds: 1), .close, .reset(), .reset(bytes: 9),
            .truncated(), .chunked, .chunkedCut, .gzipBomb(bytes: 1 << 22), .cutBody(bytes: 3), .trailingGarbage(), .byteOrderMark,
            .utf16, .invalidUTF8(), .loneSurrogate(), .nulInString(), .controlInString(), .hugeString(bytes: 5000),
            .deepJSON(depth: 5000), .duplicateKey("active"), .value("active", json: "12"), .manyMembers(3), .totalDrift(1), .samePage,
            .emptyPage, .shortPage(1), .endlessPages, .skip(1), .repeats(1), .vanish(1), .appear(1),
        ] as [ScimFault.Kind])
    func faultIsKnown(kind: ScimFault.Kind) async throws {
        let server = try await ScriptedScimServer.start(users: 3, script: ScimScript(faults: [ScimFault(kind)]))
        defer { server.end() }
        _ = try? answer(server, "/Users")
        #expect(try answer(server, "/Users").status == 200)
        #expect(try server.log().map(\.faults.count) == [1, 0])
        #expect(server.output.split(separator: "\n").count == 1, "\(server.output)")
    }

    @Test("directory and script are replaced while the server runs")
    func replaced() async throws {
        let server = try await ScriptedScimServer.start(users: 2)
        defer { server.end() }
        var content = ScriptedDirectory(users: 3)
        content.userChanges[1] = ["active": false, "displayName": nil]
        content.extraUsers = [["id": "ada", "userName": "ada"]]
        try server.replace(content, script: ScimScript { $0.booleans = .capitalized })
        let users = try get(server, "/Users")["Resources"]?.elements ?? []
        #expect(users.map { $0["active"] } == ["True", "False", "True", nil])
        #expect(users.map { $0["displayName"]?.text } == ["Person 0", nil, "Person 2", nil])
    }

    @Test("tokens come from its own endpoint and end after some requests")
    func tokens() async throws {
        let script = ScimScript { $0.authorization = .oauth(client: "c", secret: "s", requests: 1, ends: 1) }
        let server = try await ScriptedScimServer.start(users: 1, script: script)
        defer { server.end() }
        func token() throws -> String {
            let form = Data("grant_type=client_credentials&client_id=c&client_secret=s".utf8)
            let answer = try Loopback.request("/token", method: "POST", port: server.port, body: form)
            return try JSONDecoder().decode(JSONLiteral.self, from: answer.body)["access_token"]?.text ?? ""
        }
        let first = try token()
        #expect(try [first, first].map { try answer(server, "/Users", "Authorization: Bearer \($0)").status } == [200, 401])
        let second = try token()
        #expect(try [second, second].map { try answer(server, "/Users", "Authorization: Bearer \($0)").status } == [200, 200])
    }

    @Test("over TLS it shows a certificate of the test's authority, and asks for the client's")
    func tls() async throws {
        let server = try await ScriptedScimServer.start(users: 1, security: .mutualTLS)
        defer { server.end() }
        let client = try #require(server.clientIdentity)
        let program = """
            import ssl, sys, urllib.request
            context = ssl.create_default_context(cafile=sys.argv[2])
            context.load_cert_chain(sys.argv[3], sys.argv[4])
            print(urllib.request.urlopen(sys.argv[1], context=context).status)
            """
        let arguments = ["-c", program, server.url + "/Users", try #require(server.caFile), client.certificate, client.key]
        let outcome = try await RunningProgram.run("/usr/bin/python3", arguments)
        #expect(outcome.text == "200\n", "\(outcome.said)")
        #expect(try server.log().first?.client == "rollcall")
    }

    private func answer(_ server: ScriptedScimServer, _ target: String, _ headers: String...) throws -> LoopbackAnswer {
        try Loopback.request("/scim/v2" + target, port: server.port, headers: headers)
    }

    private func get(_ server: ScriptedScimServer, _ target: String) throws -> JSONLiteral {
        try JSONDecoder().decode(JSONLiteral.self, from: answer(server, target).body)
    }
}
