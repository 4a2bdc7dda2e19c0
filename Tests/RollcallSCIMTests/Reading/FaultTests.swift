import RollcallCore
import RollcallTesting
import Testing

@testable import RollcallSCIM

/// Something that goes wrong on a page, and how the reading ends.
struct PageFault: CustomTestStringConvertible, Sendable {
    let name: String
    let kind: ScimFault.Kind
    /// The code of the error, and a part of what it says.
    let error: (SourceError.Code, String)
    var script: @Sendable (inout ScimScript) -> Void = { _ in }

    init(
        _ name: String, _ kind: ScimFault.Kind, _ code: SourceError.Code, _ message: String,
        _ script: @escaping @Sendable (inout ScimScript) -> Void = { _ in }
    ) {
        self.name = name
        self.kind = kind
        error = (code, message)
        self.script = script
    }

    var testDescription: String { name }
}

@Suite("A reading that is not whole says why and gives no proof")
struct FaultTests {
    static let faults: [PageFault] = [
        PageFault("total drifts", .totalDrift(3), .unstable, "totalResults"),
        PageFault("users vanish between pages", .skip(2), .unstable, "totalResults is 35"),
        PageFault("the same page again", .samePage, .incomplete, "same page") { $0.cursors = .none },
        PageFault("an HTML page with status 200", .html, .malformed, "HTML"),
        PageFault("a body cut by the server", .truncated(), .unreachable, "broke off"),
        PageFault("a chunked body cut", .chunkedCut, .unreachable, "broke off"),
        PageFault("a body cut that says its length", .cutBody(bytes: 7), .unstable, "cut short"),
        PageFault("garbage behind the list", .trailingGarbage(), .malformed, "something follows"),
        PageFault(
            "a redirect to another host", .redirect(to: "https://example.net/scim/Users"), .incomplete,
            "redirects (302) to https://example.net"),
        PageFault("UTF-16", .utf16, .malformed, "UTF-16"),
        PageFault("a bare control byte", .controlInString(), .malformed, "control character"),
        PageFault("JSON of a depth of 100,000", .deepJSON(depth: 100_000), .incomplete, "deeper than 32"),
        PageFault("totalResults twice", .duplicateKey("totalResults", json: "1"), .malformed, "there twice"),
        PageFault("status 500", .status(500), .incomplete, "500"),
        PageFault("status 404", .status(404), .incomplete, "404"),
        PageFault("status 403", .status(403), .credentials, "403"),
        PageFault("endless pages", .endlessPages, .unstable, "totalResults"),
    ]

    private static let places: [ScimFault.Page] = [.first, .middle, .last]

    @Test("Each fault on the first, a middle and the last page", arguments: faults)
    func ends(_ fault: PageFault) async throws {
        for place in Self.places {
            var script = ScimScript(fault.script)
            // Every later page too, so that no second try is better.
            script.faults = [ScimFault(fault.kind, path: "/Users", page: place, times: 0)]
            let server = try await ScriptedScimServer.start(users: 35, groups: 2, script: script)
            defer { server.end() }
            let pulled = await Pulled(server.settings())
            // The first page given "again" is the first page.
            if case .first = place, case .samePage = fault.kind { continue }
            #expect(pulled.proof == nil, "\(fault.name) on \(place)")
            let error = try #require(pulled.error, "\(fault.name) on \(place)")
            #expect(error.code == fault.error.0, "\(fault.name) on \(place): \(error)")
            #expect(error.message.contains(fault.error.1), "\(fault.name) on \(place): \(error)")
            #expect(!error.description.contains("\n"))
        }
    }

    @Test("One user who joins, leaves or is passed over between two pages of an offset list makes the reading incomplete")
    func oneShift() async throws {
        for kind in [ScimFault.Kind.appear(1), .vanish(1), .skip(1)] {
            var script = ScimScript()
            script.faults = [ScimFault(kind, path: "/Users", page: .middle, times: 1)]
            let server = try await ScriptedScimServer.start(users: 35, script: script)
            defer { server.end() }
            let pulled = await Pulled(server.settings())
            #expect(pulled.proof == nil && pulled.error?.code == .unstable, "\(kind): \(String(describing: pulled.error))")
        }
    }

    @Test("What is a matter of one resource is rejected or unreadable, and the reading goes on")
    func resources() async throws {
        let cases: [(ScimFault.Kind, String, Int, String)] = [
            (.invalidUTF8(), "bad UTF-8 in a name", 0, "not valid"), (.loneSurrogate(), "half a surrogate pair", 0, "not valid"),
            (.nulInString(), "a NUL", 0, "not valid"), (.byteOrderMark, "a byte order mark", 0, ""),
            (.duplicateKey("userName", json: "\"other\""), "userName twice", 1, ""), (.value("id", json: "null"), "no id", 1, ""),
            (.value("id", json: "17"), "a number as id", 0, "a number as id"), (.value("active", json: "\"maybe\""), "active maybe", 0, ""),
            (.value("active", json: "{\"x\":1}"), "active an object", 0, ""),
            (.hugeString(bytes: 1_200_000), "a name of a megabyte", 0, ""),
        ]
        let displayName = try #require(Pulled.layout.slot(of: AttributeName(try ScimPath(parsing: "displayName"))))
        for (kind, name, rejected, remark) in cases {
            var script = ScimScript()
            script.faults = [ScimFault(kind, path: "/Users", page: .middle, times: 1)]
            let server = try await ScriptedScimServer.start(users: 35, script: script)
            defer { server.end() }
            let pulled = await Pulled(server.settings())
            #expect(pulled.error == nil, "\(name)")
            #expect(pulled.rejected.count == rejected && pulled.users.count == 35 - rejected, "\(name)")
            #expect(remark.isEmpty || pulled.remarks.contains(remark), "\(name): \(pulled.remarks)")
            let unreadable = pulled.users.count { $0.slots.isUnreadable(displayName) }
            #expect(unreadable == (name == "a name of a megabyte" ? 1 : 0), "\(name)")
            if name.hasPrefix("active") { #expect(pulled.inactive.unknown == ["u10"] && pulled.inactive.yes.isEmpty, "\(name)") }
        }
    }

    @Test("A reading is taken up again after 429, 502, 503 and 504, and gives up when they do not end")
    func busy() async throws {
        for status in [429, 502, 503, 504] {
            var script = ScimScript()
            script.faults = [ScimFault(.status(status, retryAfter: 0), path: "/Users", page: .middle, times: 2)]
            let server = try await ScriptedScimServer.start(users: 25, script: script)
            let pulled = await Pulled(server.settings())
            server.end()
            #expect(pulled.proof?.users == 25, "\(status)")
        }
        let server = try await ScriptedScimServer.start(
            users: 25, script: ScimScript(faults: [ScimFault(.status(429, retryAfter: 3600), path: "/Users", times: 0)]))
        defer { server.end() }
        let pulled = await Pulled(server.settings { $0.deadline = Span(seconds: 30) })
        #expect(
            pulled.error?.code == .timeout && pulled.error?.message.contains("asks to wait 1h") == true,
            "\(String(describing: pulled.error))")
    }

    @Test("A token that ends in the middle of the reading is fetched anew, once")
    func token() async throws {
        let script = ScimScript { $0.authorization = .oauth(client: "c", secret: "s3cret", requests: 2, ends: 1) }
        let server = try await ScriptedScimServer.start(users: 25, groups: 1, script: script)
        defer { server.end() }
        let settings = server.settings {
            $0.auth = .oauth2(ScimSettings.OAuth2(tokenURL: server.tokenURL, clientID: "c", clientSecret: .file("secret")))
        }
        let pulled = await Pulled(settings, secret: "s3cret")
        #expect(pulled.proof?.users == 25, "\(String(describing: pulled.error))")
        #expect(try server.log().count { $0.path == "/token" } == 2)
        let refused = await Pulled(settings, secret: "wrong")
        #expect(refused.error?.code == .credentials && refused.error?.description.contains("wrong") == false)
    }

    @Test("A service that ignores startIndex is not whole when its one page may be cut")
    func onePage() async throws {
        let cases: [(String, Int, @Sendable (inout ScimScript) -> Void, String)] = [
            ("bare, as long as asked for", 10, { $0.isBareArray = true }, "same full page"),
            (
                "bare and cut", 20,
                { script in
                    script.isBareArray = true
                    script.countCap = 10
                }, "goes by count"
            ),
            (
                "cut, and the total is the page's length", 20,
                { script in
                    script.totals = .shown
                    script.countCap = 10
                }, "goes by count"
            ),
        ]
        for (name, size, change, message) in cases {
            var script = ScimScript { $0.ignoresStartIndex = true }
            change(&script)
            let server = try await ScriptedScimServer.start(users: 25, script: script)
            defer { server.end() }
            let pulled = await Pulled(server.settings { $0.pageSize = size })
            #expect(pulled.proof == nil && pulled.error?.code == .incomplete, "\(name): \(String(describing: pulled.error))")
            #expect(pulled.error?.message.contains(message) == true, "\(name): \(String(describing: pulled.error))")
        }
    }

    @Test("A cursor that expires after more pages than may bring nothing new is no obstacle")
    func lateRestart() async throws {
        let script = ScimScript { script in
            script.cursors = .forced
            script.countCap = 1
            script.faults = [ScimFault(.status(400, scimType: "expiredCursor"), path: "/Users", page: .number(106))]
        }
        let server = try await ScriptedScimServer.start(users: 110, script: script)
        defer { server.end() }
        let pulled = await Pulled(server.settings())
        #expect(pulled.proof?.users == 110 && pulled.remarks.contains("expired"), "\(String(describing: pulled.error))")
    }

    @Test("A feed that says itself that there is more, or that cannot be read, is not whole")
    func partOfFeed() async throws {
        let envelopes: [(String, SourceError.Code, String)] = [
            ("\"nextCursor\":\"c2\"", .incomplete, "nextCursor"), ("\"startIndex\":3", .incomplete, "startIndex 3"),
            ("\"previousCursor\":\"c0\"", .incomplete, "previousCursor"), ("\"totalResults\":\"2\"", .incomplete, "totalResults is 2"),
            ("\"totalResults\":\"many\"", .malformed, "no whole number"), ("\"totalResults\":1.5", .malformed, "no whole number"),
            ("\"nextCursor\":[\"c2\"]", .malformed, "nextCursor is no text"),
        ]
        for (envelope, code, message) in envelopes {
            let text = "{\(envelope),\"Resources\":[{\"id\":\"1\",\"userName\":\"ann\"}]}"
            let server = try await ScriptedScimServer.start(
                users: 1, script: ScimScript(faults: [ScimFault(.body(text), path: "/feed.json", times: 0)]))
            defer { server.end() }
            let settings = server.settings {
                $0.url = server.feedURL
                $0.isFeed = true
            }
            let pulled = await Pulled(settings)
            #expect(
                pulled.proof == nil && pulled.error?.code == code && pulled.error?.message.contains(message) == true,
                "\(envelope): \(String(describing: pulled.error))")
            guard code == .incomplete else { continue }
            let found = try await ScimDirectory(settings) { _ throws(SourceError) in Secret([]) }.lookUp([Anchor("2".utf8)], Pulled.request)
            guard case .unknown? = found.first else {
                Issue.record("an absence was taken for proved: \(envelope)")
                continue
            }
        }
    }

    @Test("The query of a feed's URL is in no reason")
    func secretQuery() async throws {
        let server = try await ScriptedScimServer.start(
            users: 5, script: ScimScript(faults: [ScimFault(.stall(bytes: 20), path: "/feed.json", times: 0)]))
        defer { server.end() }
        let settings = server.settings {
            $0.url = server.feedURL + "?sig=SECRET"
            $0.answerTimeout = Span(seconds: 60)
            $0.isFeed = true
        }
        let directory = ScimDirectory(settings) { _ throws(SourceError) in Secret([]) }
        func reason(_ work: @escaping @Sendable () async throws -> Void) async throws -> SourceError? {
            try server.clearLog()
            let task = Task { () -> SourceError? in
                do { try await work() } catch { return error as? SourceError }
                return nil
            }
            for _ in 0..<1000 where try server.log().isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            task.cancel()
            return await task.value
        }
        let reading = try await reason { _ = try await directory.read(Pulled.request).next() }
        let lookUp = try await reason { _ = try await directory.lookUp([Anchor("1".utf8)], Pulled.request) }
        for error in [reading, lookUp] {
            #expect(error?.code == .cancelled && error?.description.contains("/feed.json") == true, "\(String(describing: error))")
            #expect(error?.description.contains("SECRET") == false, "\(String(describing: error))")
        }
    }

    @Test("A stalled service ends the reading when no byte comes for long enough")
    func stalled() async throws {
        let server = try await ScriptedScimServer.start(
            users: 25, script: ScimScript(faults: [ScimFault(.stall(bytes: 100), path: "/Users", page: .middle, times: 0)]))
        defer { server.end() }
        let pulled = await Pulled(server.settings { $0.answerTimeout = Span(seconds: 1) })
        #expect(pulled.error?.code == .timeout)
    }

    @Test("A million members, an endless body and a compression bomb end at the cap")
    func caps() async throws {
        for (kind, path) in [
            (ScimFault.Kind.manyMembers(1_000_000), "/Groups"), (.gzipBomb(bytes: 1 << 30), "/Users"), (.endlessBody, "/Users"),
        ] {
            let server = try await ScriptedScimServer.start(
                users: 25, groups: 2,
                script: ScimScript { script in
                    script.compresses = true
                    script.faults = [ScimFault(kind, path: path, times: 0)]
                })
            defer { server.end() }
            let pulled = await Pulled(server.settings { $0.answerTimeout = Span(seconds: 60) })
            #expect(pulled.proof == nil)
            #expect(pulled.error?.code == .incomplete, "\(String(describing: pulled.error))")
        }
    }
}
