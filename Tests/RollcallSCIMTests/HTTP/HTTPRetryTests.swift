import RollcallCore
import RollcallTesting
import Synchronization
import Testing

@testable import RollcallSCIM

@Suite("HTTP tried again, waited for and given up", .serialized)
struct HTTPRetryTests {
    typealias Answer = ScriptedHTTP.Answer

    @Test("A service that is busy is asked again", arguments: [429, 502, 503, 504])
    func busy(_ status: Int) async throws {
        let fixture = try await HTTPFixture(["GET /scim/x": [.status(status), .status(status), .body("good")]])
        defer { fixture.server.end() }
        #expect(try await fixture.get("/scim/x").text == "good")
        #expect(try fixture.server.requests().count == 3)
    }

    @Test("After five tries it is given up, with what the service says")
    func exhausted() async throws {
        let json = ["Content-Type", "application/scim+json"]
        let fixture = try await HTTPFixture([
            "GET /scim/x": [.status(503, [json], body: "{\"detail\":\"under\\n repair\"}")],
            "GET /scim/page": [.status(503, [["Content-Type", "text/html"]], body: "<h1>Sorry</h1>")],
            "GET /scim/echo": [.status(429, [json], body: HTTPFixture.canary)],
        ])
        defer { fixture.server.end() }
        let error = try await fixture.failure("/scim/x")
        #expect(error.code == .incomplete && error.message.contains("503 5 times") && error.message.contains("repair"), "\(error)")
        #expect(try fixture.server.requests().count == 5)
        #expect(try await fixture.failure("/scim/page").message.contains("Sorry") == false)
        #expect(try await fixture.failure("/scim/echo").message.contains("429 5 times"))
    }

    @Test("Retry-After is waited for, in seconds or as a date by the service's clock", arguments: [true, false])
    func retryAfter(_ isDate: Bool) async throws {
        // The service's clock is far from ours; only the difference counts.
        let headers =
            isDate
            ? [["Date", "Sun, 06 Nov 1994 08:49:37 GMT"], ["Retry-After", "Sun, 06 Nov 1994 08:49:38 GMT"]] : [["Retry-After", "1"]]
        let fixture = try await HTTPFixture(["GET /scim/x": [.status(429, headers), .body("good")]])
        defer { fixture.server.end() }
        let start = ContinuousClock.now
        #expect(try await fixture.get("/scim/x").text == "good")
        #expect(ContinuousClock.now - start >= .seconds(1))
    }

    @Test("While a wait goes on that the service asked for, there are signs of life; while a service hangs, there are none")
    func alive() async throws {
        let times = Mutex<[ContinuousClock.Instant]>([])
        var fixture = try await HTTPFixture([
            "GET /scim/x": [.status(429, [["Retry-After", "2"]]), .body("good")], "GET /scim/hang": [.body("never", "stall")],
        ])
        defer { fixture.server.end() }
        fixture.alive = { times.withLock { $0.append(.now) } }
        let start = ContinuousClock.now
        #expect(try await fixture.get("/scim/x").text == "good")
        let signs = [start] + times.withLock { $0 } + [.now]
        #expect(zip(signs.dropFirst(), signs).allSatisfy { $0 - $1 < .seconds(1) }, "\(signs.count)")
        fixture.settings.answerTimeout = Span(seconds: 2)
        fixture.retry.tries = 1
        let before = times.withLock { $0.count }
        #expect(try await fixture.failure("/scim/hang").code == .timeout)
        #expect(times.withLock { $0.count } == before)
    }

    @Test("A date without the service's own is compared with our clock")
    func ownClock() async throws {
        let fixture = try await HTTPFixture(["GET /scim/x": [.status(503, [["Retry-After", "@date-100"]]), .body("good")]])
        defer { fixture.server.end() }
        #expect(try await fixture.get("/scim/x").text == "good")
    }

    @Test("A wait past the deadline is not begun, and the error says what was asked")
    func pastDeadline() async throws {
        let fixture = try await HTTPFixture(["GET /scim/x": [.status(429, [["Retry-After", "3600"]])]])
        defer { fixture.server.end() }
        let start = ContinuousClock.now
        let error = try await fixture.failure("/scim/x")
        #expect(error.code == .timeout && error.message.contains("429") && error.message.contains("1h"), "\(error)")
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test("A server that nobody runs is tried five times")
    func nobody() async throws {
        var fixture = try await HTTPFixture([:])
        fixture.server.end()
        fixture.settings.url = "http://127.0.0.1:\(try Loopback.freePort())/scim"
        let url = fixture.settings.url
        await #expect {
            try await fixture.connect { (connection) throws(SourceError) in _ = try HTTPFixture.get(connection, url, 10) }
        } throws: { error in
            let error = error as? SourceError
            return error?.code == .unreachable && error?.message.contains("tried 5 times") == true
        }
    }

    @Test("A server that says nothing more is left after the answer's timeout", arguments: ["stall", "stall-body"])
    func stalled(_ kind: String) async throws {
        var fixture = try await HTTPFixture(["GET /scim/x": [.body("abc", kind)]])
        defer { fixture.server.end() }
        fixture.settings.answerTimeout = Span(seconds: 1)
        let start = ContinuousClock.now
        let error = try await fixture.failure("/scim/x")
        #expect(error.code == .timeout && error.message.contains("no answer for 1s"), "\(error)")
        #expect((.seconds(1)..<(.seconds(4))).contains(ContinuousClock.now - start))
        #expect(try fixture.server.requests().count == 1)
    }

    @Test("The deadline of the whole reading ends an answer and a wait", arguments: [true, false])
    func deadline(_ isWait: Bool) async throws {
        var fixture = try await HTTPFixture(["GET /scim/x": [isWait ? .status(503) : .body("abc", "stall-body")]])
        defer { fixture.server.end() }
        fixture.settings.deadline = Span(seconds: 1)
        fixture.retry.first = .seconds(10)
        let error = try await fixture.failure("/scim/x")
        #expect(error.code == .timeout && error.message.contains("deadline of 1s"), "\(error)")
    }

    @Test(
        "A stop ends an answer, a wait and a connection that hangs, long before its time",
        arguments: ["stall", "stall-body", "503", "connect"])
    func cancellation(_ kind: String) async throws {
        let answer: Answer = kind == "503" ? .status(503, [["Retry-After", "600"]]) : .body("abc", kind)
        var fixture = try await HTTPFixture(["GET /scim/x": [answer]])
        defer { fixture.server.end() }
        let silent = try SilentListener()
        if kind == "connect" { fixture.settings.url = "https://127.0.0.1:\(silent.port)/scim" }
        let url = kind == "connect" ? fixture.settings.url : fixture.server.url + "/scim/x"
        let isHanging = { try kind == "connect" ? silent.wasGreeted() : !fixture.server.requests().isEmpty }
        let ended = try await StoppedCall.run(when: isHanging) { [fixture] (stop) throws(SourceError) in
            _ = try HTTPFixture.get(try fixture.connection(stop), url, 1000)
        }
        #expect(ended.error?.code == .cancelled, "\(String(describing: ended.error))")
        #expect(ended.took < .seconds(2))
    }

    @Test("Waits double, spread, and end at a longest one unless the service asks for more")
    func waits() {
        let rule = RetryRule()
        #expect((1...8).map { rule.wait(after: $0, asked: nil, chance: 1) } == [0.5, 1, 2, 4, 8, 16, 30, 30].map { .seconds($0) })
        #expect(rule.wait(after: 1, asked: nil, chance: 0) == .milliseconds(250))
        #expect(rule.wait(after: 1, asked: Span(seconds: 90), chance: 0) == .seconds(90))
        #expect(rule.wait(after: 3, asked: .zero, chance: 0) == .seconds(1))
        #expect(rule.wait(after: .max, asked: nil, chance: 2) == .seconds(30))
        #expect(rule.wait(after: 0, asked: nil, chance: -1) == .milliseconds(250))
    }
}
