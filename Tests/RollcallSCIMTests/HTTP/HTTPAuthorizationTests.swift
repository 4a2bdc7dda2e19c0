import RollcallCore
import RollcallTesting
import Testing

@testable import RollcallSCIM

@Suite("Who we say we are over HTTP", .serialized)
struct HTTPAuthorizationTests {
    typealias Answer = ScriptedHTTP.Answer

    private static func token(_ token: String, _ more: String = "\"expires_in\":3600") -> Answer {
        .body("{\"access_token\":\"\(token)\",\"token_type\":\"Bearer\",\(more)}")
    }

    private static func oauth(
        _ routes: [String: [Answer]], scope: String? = nil
    ) async throws -> HTTPFixture {
        var fixture = try await HTTPFixture(routes)
        fixture.settings.auth = .oauth2(
            .init(tokenURL: fixture.server.url + "/token", clientID: "roll call", clientSecret: .file("secret"), scope: scope))
        return fixture
    }

    @Test("Basic authentication is RFC 7617's, and none sends nothing")
    func basic() async throws {
        var fixture = try await HTTPFixture([
            "GET /scim/x": [.body("a")], "GET /scim/echo": [.status(400, body: "open sesame or QWxhZGRpbjpvcGVuIHNlc2FtZQ==?")],
        ])
        defer { fixture.server.end() }
        fixture.settings.auth = .basic(user: "Aladdin", password: .file("x"))
        fixture.secret = Array("open sesame".utf8)
        _ = try await fixture.get("/scim/x")
        #expect(try await fixture.get("/scim/echo").answer.errorText == "(secret) or (secret)?")
        fixture.settings.auth = .none
        _ = try await fixture.get("/scim/x")
        #expect(
            try fixture.server.requests().map(\.authorization) == [
                "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", nil,
            ])
    }

    @Test("A refused token is not tried again, and a lack of rights is told from it")
    func refused() async throws {
        let json = ["Content-Type", "application/json"]
        let fixture = try await HTTPFixture([
            "GET /scim/401": [.status(401, [json], body: "{\"detail\":\"expired \(HTTPFixture.canary)\"}")],
            "GET /scim/403": [.status(403, [json], body: "{\"detail\":\"no scope\"}")],
        ])
        defer { fixture.server.end() }
        let first = try await fixture.failure("/scim/401")
        #expect(first.code == .credentials && first.message.contains("401"), "\(first)")
        let second = try await fixture.failure("/scim/403")
        #expect(second.code == .credentials && second.message.contains("no scope") && second.advice.contains("scopes"), "\(second)")
        #expect(try fixture.server.requests().count == 2)
    }

    @Test("After refused credentials neither a reading, a look-up nor a probe of the same directory asks again")
    func refusedOnce() async throws {
        for auth in ["token", "client"] {
            var fixture = try await HTTPFixture([
                "GET /scim/ServiceProviderConfig": [.status(401)], "GET /scim/Users": [.status(401)], "POST /token": [.status(403)],
            ])
            defer { fixture.server.end() }
            if auth == "client" {
                fixture.settings.auth = .oauth2(.init(tokenURL: fixture.server.url + "/token", clientID: "c", clientSecret: .file("x")))
            }
            let directory = ScimDirectory(fixture.settings) { (_) throws(SourceError) in Secret(Array("wrong".utf8)) }
            let probes = await directory.probe(Pulled.request)
            #expect(probes.last?.outcome == .failure)
            let asked = try fixture.server.requests().count
            #expect(asked == 1)
            #expect(await Pulled(directory).error?.code == .credentials)
            await #expect(throws: SourceError.self) { try await directory.lookUp([Anchor("x".utf8)], Pulled.request) }
            #expect(try fixture.server.requests().count == asked)
        }
    }

    @Test("A secret with a control character is refused and never shown, whatever it is for", arguments: ["\r\n", "\n", "\0", "\u{7F}"])
    func controlCharacters(_ mark: String) async throws {
        var fixture = try await HTTPFixture(["GET /scim/x": [.body("a")], "POST /token": [Self.token("t")]])
        defer { fixture.server.end() }
        fixture.secret = Array("\(HTTPFixture.canary)\(mark)X-Evil: 1".utf8)
        let ways: [ScimSettings.Auth] = [
            .bearer(.file("x")), .basic(user: "u", password: .file("x")),
            .oauth2(.init(tokenURL: fixture.server.url + "/token", clientID: "c", clientSecret: .file("x"))),
        ]
        for auth in ways {
            fixture.settings.auth = auth
            let error = try await fixture.failure("/scim/x")
            #expect(error.code == .credentials && error.message.contains("byte \(HTTPFixture.canary.utf8.count + 1)"), "\(error)")
        }
        #expect(try fixture.server.requests().isEmpty)
    }

    @Test("An empty secret, and a user's name that would not fit, are refused before anything is sent")
    func unfit() async throws {
        var fixture = try await HTTPFixture([:])
        defer { fixture.server.end() }
        for user in ["", "a:b", "a\nb"] {
            fixture.settings.auth = .basic(user: user, password: .file("x"))
            #expect(try await fixture.failure("/scim/x").code == .credentials)
        }
        fixture.secret = []
        fixture.settings.auth = .bearer(.file("x"))
        #expect(try await fixture.failure("/scim/x").code == .credentials)
        #expect(try fixture.server.requests().isEmpty)
    }

    @Test("A token is fetched once and used until its end")
    func oauth() async throws {
        let fixture = try await Self.oauth(
            ["POST /token": [Self.token("one"), Self.token("two")], "GET /scim/x": [.body("a")]], scope: "scim:read more")
        defer { fixture.server.end() }
        _ = try await fixture.get(["/scim/x", "/scim/x", "/scim/x"])
        let requests = try fixture.server.requests()
        #expect(requests.map(\.method) == ["POST", "GET", "GET", "GET"])
        #expect(requests.dropFirst().map(\.authorization) == ["Bearer one", "Bearer one", "Bearer one"])
        let post = try #require(requests.first)
        #expect(post.body == "grant_type=client_credentials&scope=scim%3Aread%20more")
        #expect(post.fields?["content-type"] == "application/x-www-form-urlencoded")
        let expected = Base64.encoded(Array("roll%20call:canary-Zk4%2BQw%2F7%3Dsecret".utf8))
        #expect(post.authorization == "Basic " + String(decoding: expected, as: UTF8.self))
    }

    @Test("A token whose end has come is fetched anew before it is refused")
    func expired() async throws {
        let fixture = try await Self.oauth([
            "POST /token": [Self.token("one", "\"expires_in\":0"), Self.token("two", "\"expires_in\":\"3600\"")],
            "GET /scim/x": [.body("a")],
        ])
        defer { fixture.server.end() }
        await #expect(throws: Never.self) { try await fixture.get(["/scim/x", "/scim/x", "/scim/x"]) }
        let used = try fixture.server.requests().filter { $0.method == "GET" }.map(\.authorization)
        #expect(used == ["Bearer one", "Bearer two", "Bearer two"])
    }

    @Test("A token that is refused is fetched anew once, and then the credentials are")
    func renewed() async throws {
        let fixture = try await Self.oauth([
            "POST /token": [Self.token("one"), Self.token("two"), Self.token("three")],
            "GET /scim/once": [.body("a"), .status(401), .body("b")], "GET /scim/always": [.status(401)],
        ])
        defer { fixture.server.end() }
        #expect(try await fixture.get(["/scim/once", "/scim/once"]).map(\.text) == ["a", "b"])
        let used = try fixture.server.requests().filter { $0.method == "GET" }.map(\.authorization)
        #expect(used == ["Bearer one", "Bearer one", "Bearer two"])
        let error = try await fixture.failure("/scim/always")
        #expect(error.code == .credentials && error.advice.contains("new token"), "\(error)")
        #expect(try fixture.server.requests().filter { $0.path == "/scim/always" }.count == 2)
    }

    @Test("A server that does not take HTTP Basic gets id and secret in the form, also the next time", arguments: [400, 401])
    func inForm(_ status: Int) async throws {
        let refusal = Answer.status(status, [["Content-Type", "application/json"]], body: "{\"error\":\"invalid_client\"}")
        let fixture = try await Self.oauth([
            "POST /token": [refusal, Self.token("one"), Self.token("two")], "GET /scim/x": [.body("a"), .status(401), .body("b")],
        ])
        defer { fixture.server.end() }
        #expect(try await fixture.get(["/scim/x", "/scim/x"]).map(\.text) == ["a", "b"])
        let posts = try fixture.server.requests().filter { $0.method == "POST" }
        let form = "grant_type=client_credentials&client_id=roll%20call&client_secret=canary-Zk4%2BQw%2F7%3Dsecret"
        #expect(posts.map(\.body) == ["grant_type=client_credentials", form, form])
        #expect(posts.map { $0.authorization == nil } == [false, true, true])
    }

    @Test("A wrong client secret is an error of the credentials, in the server's words but without the secret")
    func wrongSecret() async throws {
        let json = [["Content-Type", "application/json"]]
        for echo in [
            HTTPFixture.canary, "canary-Zk4+Qw\\/7=secret", "canary-Zk4\\u002bQw/7=secret", "canary-Zk4%2BQw%2F7%3Dsecret",
            "wrong\\u001b[31m",
        ] {
            let body = "{\"error\":\"invalid_client\",\"error_description\":\"\(echo)\"}"
            let fixture = try await Self.oauth(["POST /token": [.status(401, json, body: body)]])
            defer { fixture.server.end() }
            let error = try await fixture.failure("/scim/x")
            #expect(error.code == .credentials && error.message.contains("401") && error.subject.hasSuffix("/token"), "\(error)")
            #expect(!error.message.contains("%2B") && error.message.contains("invalid_client: "), "\(error)")
            #expect(try fixture.server.requests().count == 2, "once in the head, once in the form")
        }
    }

    @Test(
        "An answer that holds no token is refused",
        arguments: [
            "", "<html>", "[]", "{}", "{\"access_token\":\"\"}", "{\"access_token\":\"a\",\"token_type\":\"mac\"}",
            "{\"access_token\":\"a\\r\\nb\",\"token_type\":\"bearer\"}", "{\"access_token\":\"a\"} x",
        ])
    func noToken(_ body: String) async throws {
        let fixture = try await Self.oauth(["POST /token": [.body(body)]])
        defer { fixture.server.end() }
        let error = try await fixture.failure("/scim/x")
        #expect(error.code == .malformed && error.subject.hasSuffix("/token"), "\(error)")
    }

    @Test("A token endpoint that is busy is asked again; one that redirects gets nothing more")
    func tokenEndpoint() async throws {
        let other = try await ScriptedHTTP.start([:])
        defer { other.end() }
        let fixture = try await Self.oauth([
            "POST /token": [.status(503), Self.token("one", "\"expires_in\":0"), .status(302, [["Location", other.url + "/token"]])],
            "GET /scim/x": [.body("a")],
        ])
        defer { fixture.server.end() }
        #expect(try await fixture.get("/scim/x").text == "a")
        let error = try await fixture.failure("/scim/x")
        #expect(error.code == .incomplete && error.message.contains(other.url), "\(error)")
        #expect(try other.requests().isEmpty)
    }

    @Test("What a token endpoint says is read with its escapes, whatever else is in it; what is no object, or has a name twice, is not")
    func tokenAnswers() throws {
        let text = #"{"access_token":"a\/\u002b=","Token_Type":"BEARER","expires_in":12.5e1 , "x":{"a":["}",{}]},"scope":null,"b":true} "#
        let answer = try #require(TokenAnswer(Array(text.utf8)))
        #expect(String(decoding: answer.accessToken, as: UTF8.self) == "a/+=" && answer.isBearer)
        #expect(answer.lifetime == Span(seconds: 125) && answer.error.isEmpty)
        let asText = try #require(TokenAnswer(Array(#"{"expires_in":"-3","error":"no\ttoken","access_token":"a b"}"#.utf8)))
        #expect(asText.lifetime == Span(seconds: 0) && asText.error == "no\ttoken" && asText.accessToken.isEmpty)
        #expect(TokenAnswer(Array(#"{"access_token":"\ud800"}"#.utf8))?.accessToken.isEmpty == true)
        for wrong in [
            "", "[]", "\"a\"", "{", "{\"a\"}", "{\"a\":}", "{\"a\":\"", "{\"a\":\"\\u12\"}", "{\"a\":[}", "{\"a\":1,}", "{}{}",
            "{\"error\":\"a\",\"error\":\"b\"}", String(repeating: "[", count: 100_000),
        ] {
            #expect(TokenAnswer(Array(wrong.utf8)) == nil, "\(wrong.prefix(20))")
        }
    }
}
