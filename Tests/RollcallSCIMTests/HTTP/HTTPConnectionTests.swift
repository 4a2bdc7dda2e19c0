import RollcallCore
import RollcallTesting
import Testing

@testable import RollcallSCIM

@Suite("HTTP answers, whole and broken", .serialized)
struct HTTPConnectionTests {
    typealias Answer = ScriptedHTTP.Answer

    @Test("Two requests go over one connection, with our name and what we take")
    func keepAlive() async throws {
        let fixture = try await HTTPFixture(["GET /scim/Users": [.body("{\"totalResults\":0}"), .body("second", "chunked")]])
        defer { fixture.server.end() }
        let got = try await fixture.get(["/scim/Users?startIndex=1", "/scim/Users"])
        #expect(got.map(\.text) == ["{\"totalResults\":0}", "second"])
        let requests = try fixture.server.requests()
        #expect(requests.map(\.connection) == [1, 1])
        #expect(requests.first?.path == "/scim/Users?startIndex=1")
        let fields = try #require(requests.first?.fields)
        #expect(fields["user-agent"] == "Rollcall/\(RollcallVersion.text)" && fields["accept-encoding"] == "gzip")
        #expect(fields["accept"] == "application/scim+json, application/json" && fields["cookie"] == nil)
        #expect(fields["authorization"] == "Bearer \(HTTPFixture.canary)")
    }

    @Test("The head's fields are read, interim answers and trailers left out")
    func fields() async throws {
        let headers = [
            ["Content-Type", "Application/SCIM+JSON; v=1; Charset=\"UTF-8\""], ["ETag", "W/\"a b\""],
            ["Date", "Sun, 06 Nov 1994 08:49:37 GMT"], ["Retry-After", "Sun, 06 Nov 1994 08:49:47 GMT"], ["Set-Cookie", "a=b"],
        ]
        let fixture = try await HTTPFixture([
            "GET /scim/interim": [Answer(headers: headers, body: "x", kind: "interim")],
            "GET /scim/trailer": [Answer(headers: headers, body: "x", kind: "chunked")],
        ])
        defer { fixture.server.end() }
        for got in try await fixture.get(["/scim/interim", "/scim/trailer"]) {
            #expect(got.answer.mediaType == "application/scim+json" && got.answer.charset == "utf-8")
            #expect(got.answer.etag == "W/\"a b\"" && got.answer.retryAfter == Span(seconds: 10))
            #expect(got.answer.date == Instant(unixSeconds: 784_111_777))
        }
        #expect(try fixture.server.requests().last?.fields?["cookie"] == nil)
    }

    @Test("Fields of the caller's go along; one with a line break is refused")
    func callersFields() async throws {
        let fixture = try await HTTPFixture(["GET /scim/feed": [.status(304, [["ETag", "\"1\""]])]])
        defer { fixture.server.end() }
        let got = try await fixture.get("/scim/feed", headers: [("If-None-Match", "\"1\""), ("accept", "text/json")])
        #expect(got.answer.status == 304 && got.bytes.isEmpty && got.answer.etag == "\"1\"")
        let fields = try fixture.server.requests().first?.fields
        #expect(fields?["if-none-match"] == "\"1\"" && fields?["accept"] == "text/json")
        let error = try await fixture.failure("/scim/feed", headers: [("If-None-Match", "\"1\"\r\nX-Evil: 1")])
        #expect(error.code == .malformed && error.message.contains("If-None-Match"))
        #expect(try fixture.server.requests().count == 1)
    }

    @Test("Other statuses are the caller's, with the beginning of what they say", arguments: [400, 404, 410, 500, 501])
    func otherStatus(_ status: Int) async throws {
        let fixture = try await HTTPFixture([
            "GET /scim/x": [.status(status, body: "{\"status\":\"\(status)\"}")],
            "GET /scim/large": [Answer(status: status, headers: [], body: "", kind: "pour", size: 1 << 30)],
            "GET /scim/echo": [.status(status, body: "you sent \(HTTPFixture.canary)")],
        ])
        defer { fixture.server.end() }
        let got = try await fixture.get(["/scim/x", "/scim/large", "/scim/echo"])
        #expect(got.map(\.answer.status) == [status, status, status] && got.allSatisfy { $0.bytes.isEmpty })
        #expect(got[0].answer.errorText == "{\"status\":\"\(status)\"}")
        #expect(got[1].answer.errorText.utf8.count == 65_536)
        #expect(got[2].answer.errorText == "you sent (secret)")
    }

    @Test("An answer of 200 without a body is one, and its head is shown")
    func empty() async throws {
        let fixture = try await HTTPFixture(["GET /scim/x": [.body("")]])
        defer { fixture.server.end() }
        let url = fixture.server.url + "/scim/x"
        let seen = try await fixture.connect { (connection) throws(SourceError) -> [String?] in
            var seen: [String?] = []
            let answer = try connection.get(
                try ScimURL(url), limit: 10, head: { (answer) throws(SourceError) in seen.append(answer.mediaType) },
                body: { (_) throws(SourceError) in seen.append("a body") })
            return seen + [answer.errorText]
        }
        #expect(seen == ["application/scim+json", ""])
    }

    @Test("What the caller throws over the head or the body ends the transfer", arguments: [true, false])
    func callersError(_ isHead: Bool) async throws {
        let fixture = try await HTTPFixture(["GET /scim/x": [Answer(kind: "pour", size: 1 << 30)]])
        defer { fixture.server.end() }
        let url = fixture.server.url + "/scim/x"
        let mine = SourceError(.malformed, subject: "x", message: "enough")
        await #expect(throws: mine) {
            try await fixture.connect { (connection) throws(SourceError) in
                _ = try connection.get(
                    try ScimURL(url), limit: 1 << 30, head: { (_) throws(SourceError) in if isHead { throw mine } },
                    body: { (_) throws(SourceError) in
                        #expect(!isHead)
                        throw mine
                    })
            }
        }
        #expect(try fixture.server.requests().count == 1)
    }

    @Test("gzip is decompressed, and a bomb ends at the cap")
    func compression() async throws {
        let text = String(repeating: "{\"id\":\"1\"},", count: 10_000)
        var fixture = try await HTTPFixture([
            "GET /scim/gzip": [.body(text, "gzip"), .body(text, "gzip-two")], "GET /scim/bomb": [.body("", "bomb", size: 64 << 20)],
        ])
        defer { fixture.server.end() }
        #expect(try await fixture.get("/scim/gzip").text == text)
        #expect(try await fixture.get("/scim/gzip").text == text + text, "gzip may have several members")
        fixture.limit = 4 << 20
        let error = try await fixture.failure("/scim/bomb")
        #expect(error.code == .incomplete && error.message.contains("\(4 << 20) bytes") && error.message.contains("gzip"), "\(error)")
        let seen = try await handedOn(fixture, "/scim/bomb", limit: 4 << 20)
        #expect(seen.total <= 4 << 20 && seen.largest <= 128 << 10, "\(seen)")
    }

    @Test("A body of 1 GiB ends at the cap")
    func huge() async throws {
        let fixture = try await HTTPFixture(["GET /scim/x": [Answer(kind: "pour", size: 1 << 30)]])
        defer { fixture.server.end() }
        let seen = try await handedOn(fixture, "/scim/x", limit: 8 << 20)
        #expect(seen.total <= 8 << 20 && seen.total > 7 << 20 && seen.largest <= 128 << 10, "\(seen)")
        #expect(seen.error?.message.contains("\(8 << 20) bytes") == true)
        #expect(try fixture.server.requests().count == 1, "it is not tried again")
    }

    private func handedOn(
        _ fixture: HTTPFixture, _ path: String, limit: Int
    ) async throws -> (total: Int, largest: Int, error: SourceError?) {
        let url = fixture.server.url + path
        return try await fixture.connect { (connection) throws(SourceError) in
            var (total, largest) = (0, 0)
            do throws(SourceError) {
                _ = try connection.get(try ScimURL(url), limit: limit) { (bytes) throws(SourceError) in
                    total += bytes.count
                    largest = max(largest, bytes.count)
                }
                return (total, largest, nil)
            } catch {
                return (total, largest, error)
            }
        }
    }

    @Test("A compression that was not asked for is refused", arguments: ["br", "deflate", "gzip, gzip"])
    func foreignCompression(_ name: String) async throws {
        let fixture = try await HTTPFixture(["GET /scim/x": [Answer(headers: [["Content-Encoding", name]], body: "abc")]])
        defer { fixture.server.end() }
        let error = try await fixture.failure("/scim/x")
        #expect(error.code == .incomplete, "\(error)")
    }

    @Test(
        "A body that breaks off is an error, and is not tried again",
        arguments: [
            ("short", 0, 1), ("chunk-cut", 0, 1), ("gzip-cut", 4, 1), ("gzip-cut", 12, 1), ("gzip-cut", 40, 1), ("gzip-tail", 0, 1),
        ])
    func truncated(_ kind: String, _ cut: Int, _ count: Int) async throws {
        let fixture = try await HTTPFixture(["GET /scim/x": [.body(String(repeating: "abc", count: 5000), kind, size: cut)]])
        defer { fixture.server.end() }
        let error = try await fixture.failure("/scim/x")
        // A gzip stream that ends early came whole as far as HTTP can tell.
        #expect(error.code == (kind.hasPrefix("gzip") ? .incomplete : .unreachable), "\(error)")
        #expect(try fixture.server.requests().count == count)
    }

    @Test("A server that goes away before the body is asked again, five times in all")
    func hangUp() async throws {
        let fixture = try await HTTPFixture([
            "GET /scim/once": [.body("", "hangup"), .body("", "short"), .body("good")], "GET /scim/always": [.body("", "hangup")],
        ])
        defer { fixture.server.end() }
        #expect(try await fixture.get("/scim/once").text == "good")
        let error = try await fixture.failure("/scim/always")
        #expect(error.code == .unreachable && error.message.contains("tried 5 times"), "\(error)")
        #expect(try fixture.server.requests().filter { $0.path == "/scim/always" }.count == 5)
    }

    @Test("What is no HTTP, and a head without end, are refused")
    func noHTTP() async throws {
        let fixture = try await HTTPFixture([
            "GET /scim/noise": [.body("", "noise")],
            "GET /scim/head": [.status(200, (0..<60).map { ["X-\($0)", String(repeating: "y", count: 2000)] })],
        ])
        defer { fixture.server.end() }
        #expect(try await fixture.failure("/scim/noise").code == .incomplete)
        let error = try await fixture.failure("/scim/head")
        #expect(error.code == .incomplete && error.message.contains("65536"), "\(error)")
    }

    @Test("A connection that the server ended while it was idle is made anew")
    func idleEnd() async throws {
        let fixture = try await HTTPFixture(["GET /scim/x": [Answer(body: "a", closes: true), .body("b", "until-close"), .body("c")]])
        defer { fixture.server.end() }
        #expect(try await fixture.get(["/scim/x", "/scim/x", "/scim/x"]).map(\.text) == ["a", "b", "c"])
        #expect(try fixture.server.requests().map(\.connection) == [1, 2, 3])
    }
}
