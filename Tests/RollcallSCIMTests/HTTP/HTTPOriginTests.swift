import Glibc
import RollcallCore
import RollcallTesting
import Testing

@testable import RollcallSCIM

@Suite("Where HTTP requests go, and where they never go", .serialized)
struct HTTPOriginTests {
    typealias Answer = ScriptedHTTP.Answer

    @Test("A redirect within the origin is followed, five times at most", arguments: [301, 302, 303, 307, 308])
    func sameOrigin(_ status: Int) async throws {
        let fixture = try await HTTPFixture([
            "GET /scim/x": [.status(status, [["Location", "/scim/v2/x/"]])],
            "GET /scim/v2/x/": [.status(307, [["Location", "../y?a=1#b"]])],
            "GET /scim/v2/y": [.body("there")], "GET /scim/round": [.status(status, [["Location", "http://127.0.0.1:@port/scim/round"]])],
        ])
        defer { fixture.server.end() }
        #expect(try await fixture.get("/scim/x").text == "there")
        let requests = try fixture.server.requests()
        #expect(requests.last?.path == "/scim/v2/y?a=1" && requests.last?.authorization == "Bearer \(HTTPFixture.canary)")
        let error = try await fixture.failure("/scim/round")
        #expect(error.code == .incomplete && error.message.contains("more than 5 times"), "\(error)")
        #expect(try fixture.server.requests().filter { $0.path == "/scim/round" }.count == 6)
    }

    @Test("A redirect to another origin is an error that names it, and nothing is sent there")
    func otherOrigin() async throws {
        let other = try await ScriptedHTTP.start(["GET /scim/x": [.body("{}")]])
        defer { other.end() }
        let port = other.port
        for location in [
            "\(other.url)/scim/x?token=1", "//127.0.0.1:\(port)/scim/x", "http://localhost:\(port)/", "https://127.0.0.1:@port/scim/x",
            "http://127.0.0.1:\(port)@127.0.0.1:@port/", "http://example.com/", "ftp://127.0.0.1/", "file:///etc/passwd",
        ] {
            let fixture = try await HTTPFixture(["GET /scim/x": [.status(302, [["Location", location]])]])
            defer { fixture.server.end() }
            let error = try await fixture.failure("/scim/x")
            #expect(error.code == .incomplete && error.message.contains("redirects"), "\(location): \(error)")
            if location.hasPrefix(other.url + "/") { #expect(error.message.contains(other.url) && !error.message.contains("token")) }
            #expect(try fixture.server.requests().count == 1)
        }
        #expect(try other.log().isEmpty)
    }

    @Test("A document that the service names at another origin is not asked for")
    func foreignURL() async throws {
        let other = try await ScriptedHTTP.start([:])
        defer { other.end() }
        let fixture = try await HTTPFixture([:])
        defer { fixture.server.end() }
        let url = other.url + "/x"
        await #expect {
            try await fixture.connect { (connection) throws(SourceError) in _ = try HTTPFixture.get(connection, url, 10) }
        } throws: { error in
            (error as? SourceError)?.message.contains(other.url) == true
        }
        #expect(try other.log().isEmpty)
    }

    @Test("Only the config's proxy is asked, and it does not see the token")
    func proxy() async throws {
        let proxy = try await ScriptedHTTP.start(["CONNECT directory.invalid:443": [.status(403)]])
        defer { proxy.end() }
        var fixture = try await HTTPFixture(["GET /scim/x": [.body("a")]])
        defer { fixture.server.end() }
        fixture.settings.proxy = proxy.url
        #expect(try await fixture.get("/scim/x").text == "a", "what is on this machine needs none")
        fixture.settings.url = "https://directory.invalid/scim"
        fixture.retry.tries = 2
        await #expect {
            try await fixture.connect { (connection) throws(SourceError) in
                _ = try HTTPFixture.get(connection, "https://directory.invalid/scim/x", 10)
            }
        } throws: { error in
            let error = error as? SourceError
            return error?.code == .unreachable && error?.message.contains("proxy") == true && error?.message.contains("403") == true
        }
        let requests = try proxy.requests()
        #expect(requests.map(\.method) == ["CONNECT", "CONNECT"] && requests.allSatisfy { $0.authorization == nil })
        fixture.settings.proxy = "http://user:\(HTTPFixture.canary)@127.0.0.1:1"
        #expect(try await fixture.failure("/scim/x").code == .malformed)
    }

    @Test("Proxies, certificates and passwords of the environment are ignored")
    func environment() async throws {
        let proxy = try await ScriptedHTTP.start(["GET /scim/x": [.body("from the proxy")]])
        defer { proxy.end() }
        let fixture = try await HTTPFixture(["GET /scim/x": [.body("from the server")]])
        defer { fixture.server.end() }
        try fixture.server.directory.write("machine 127.0.0.1 login a password b\n", to: ".netrc")
        let (home, url, proxyURL) = (fixture.server.directory.path, fixture.server.url, proxy.url)
        // In a process of its own, whose environment is nobody else's.
        await #expect(processExitsWith: .success) { [home = home as String, url = url as String, proxyURL = proxyURL as String] in
            for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] { setenv(name, proxyURL, 1) }
            setenv("HOME", home, 1)
            setenv("NETRC", home + "/.netrc", 1)
            setenv("no_proxy", "", 1)
            let got = try await EnvironmentProbe.get(url)
            #expect(got == "from the server")
        }
        #expect(try proxy.log().isEmpty)
        #expect(try fixture.server.requests().map(\.authorization) == [nil])
    }
}
