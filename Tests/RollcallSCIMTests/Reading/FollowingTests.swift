import RollcallCore
import RollcallTesting
import Testing

@testable import RollcallSCIM

@Suite("What has changed is asked for, and the service's own numbers")
struct FollowingTests {
    /// Twenty-five users and six groups of January 2026, of whom user 3 and group 1 have changed in July.
    private static let directory: ScriptedDirectory = {
        var directory = ScriptedDirectory(users: 25, groups: 6)
        directory.userChanges = [3: ["displayName": "New", "meta": changed]]
        directory.groupChanges = [1: ["meta": changed]]
        return directory
    }()

    private static let changed: JSONLiteral = ["lastModified": "2026-07-01T00:00:00Z"]
    private static let since = Instant(rfc3339: "2026-06-01T00:00:00.5Z") ?? .epoch

    private func follow(
        _ server: ScriptedScimServer, since: Instant = since, groups: Int = 6, _ change: (inout ScimSettings) -> Void = { _ in }
    ) async -> Pulled {
        var request = Pulled.request
        request.following = FollowMark(since: since, users: 25, groups: groups, readWhole: since)
        return await Pulled(
            server.settings { settings in
                settings.follows = true
                change(&settings)
            }, request: request)
    }

    private func queries(_ server: ScriptedScimServer, _ path: String) throws -> [String] {
        try server.log().filter { $0.path.hasSuffix(path) }.compactMap { $0.query.removingPercentEncoding }
    }

    // MARK: - The reading

    @Test("Only changes come, with the members of a changed group by itself, and the numbers of all there are")
    func changes() async throws {
        let server = try await ScriptedScimServer.start(Self.directory)
        defer { server.end() }
        let pulled = await follow(server)
        #expect(pulled.proof?.extent == .changes, "\(String(describing: pulled.error))")
        #expect(pulled.values("displayName") == ["u3": ["New"]])
        #expect(Array(pulled.members.keys) == ["g1"] && pulled.members["g1"]??.count == 9)
        let mark = try #require(pulled.proof?.followMark)
        #expect(mark.users == 25 && mark.groups == 6 && mark.readWhole == Self.since)
        let age = Instant.now.span(since: mark.since).seconds
        #expect((599...900).contains(age), "\(age)")
        let users = try queries(server, "/Users")
        #expect(users.count == 3 && users[2].hasSuffix("count=0") && !users[2].contains("filter"), "\(users)")
        for query in users.dropLast() {
            #expect(query.contains("filter=meta.lastModified ge \"2026-06-01T00:00:00Z\"&") && query.contains("attributes="))
        }
        let alone = try server.log().filter { $0.path.contains("/Groups/") }
        #expect(alone.map(\.path) == ["/scim/v2/Groups/\(ScriptedDirectory.groupID(1))"])
        #expect(pulled.remarks.isEmpty)
    }

    @Test("Without a change nothing comes but the numbers")
    func nothing() async throws {
        let server = try await ScriptedScimServer.start(users: 26, groups: 6)
        defer { server.end() }
        let pulled = await follow(server)
        #expect(pulled.proof?.extent == .changes && pulled.users.isEmpty && pulled.groups.isEmpty)
        #expect(pulled.proof?.followMark?.users == 26)
        #expect(try server.log().count == 5)
    }

    @Test("More changes than a page has are read to the end, by index and by cursor", arguments: [ScimSettings.Pagination.index, .cursor])
    func pages(_ pagination: ScimSettings.Pagination) async throws {
        var directory = Self.directory
        for index in 0..<23 { directory.userChanges[index] = ["meta": Self.changed] }
        let server = try await ScriptedScimServer.start(directory, script: ScimScript { $0.cursors = .offered })
        defer { server.end() }
        let pulled = await follow(server) { $0.pagination = pagination }
        #expect(pulled.proof?.extent == .changes && pulled.users.count == 23, "\(String(describing: pulled.error))")
        #expect(pulled.proof?.followMark?.users == 25)
    }

    @Test(
        "The filters of the config go with it, in parentheses where they must",
        arguments: [
            ("userType eq \"Employee\"", "and userType eq \"Employee\"", 24),
            ("userName eq \"u3\" or userName eq \"u4\"", "and (userName eq \"u3\" or userName eq \"u4\")", 2),
            ("userName sw \"u\" and not (userName eq \"u4\")", "and userName sw \"u\" and not (userName eq \"u4\")", 24),
        ])
    func filters(_ text: String, _ asked: String, _ total: Int) async throws {
        var directory = Self.directory
        directory.userChanges[4] = ["userType": "Contractor"]
        directory.userChanges[7] = ["userName": "v7", "userType": "Guest", "meta": Self.changed]
        directory.extraUsers = [["id": "x", "userName": "ux", "active": true, "userType": "Employee"]]
        let server = try await ScriptedScimServer.start(directory)
        defer { server.end() }
        let filter = try ScimFilter(parsing: text)
        let pulled = await follow(server) { settings in
            settings.userFilter = filter
            settings.groupFilter = try? ScimFilter(parsing: "displayName sw \"g\"")
        }
        #expect(pulled.proof?.extent == .changes, "\(String(describing: pulled.error))")
        #expect(pulled.values("userName").keys.sorted() == ["u3"])
        let users = try queries(server, "/Users")
        #expect(users[0].contains("filter=meta.lastModified ge \"2026-06-01T00:00:00Z\" \(asked)&"), "\(users)")
        #expect(users.last?.contains("filter=\(filter)&count=0") == true, "\(users)")
        #expect(try queries(server, "/Groups")[0].contains("Z\" and displayName sw \"g\"&"))
        #expect(pulled.proof?.followMark?.users == total)
    }

    @Test("A service that takes the filter and gives everything is read all the same")
    func pretended() async throws {
        let server = try await ScriptedScimServer.start(Self.directory, script: ScimScript { $0.filters = .pretended })
        defer { server.end() }
        let pulled = await follow(server)
        #expect(pulled.proof?.extent == .changes && pulled.users.count == 25 && pulled.groups.count == 6)
        #expect(pulled.proof?.followMark?.users == 25)
        let strange = await follow(server) { $0.userFilter = try? ScimFilter(parsing: "userName ne \"u3\"") }
        #expect(strange.error?.code == .incomplete && strange.error?.message.contains("1 came that") == true)
    }

    @Test("Whoever is not asked to follow, or cannot, reads everything")
    func whole() async throws {
        let server = try await ScriptedScimServer.start(Self.directory)
        defer { server.end() }
        let plain = await follow(server) { $0.follows = false }
        #expect(plain.proof?.extent == .whole && plain.users.count == 25 && plain.proof?.followMark == nil && plain.remarks.isEmpty)
        var request = Pulled.request
        request.isRaw = true
        request.following = FollowMark(since: Self.since, users: 25, groups: 6, readWhole: Self.since)
        let raw = await Pulled(server.settings { $0.follows = true }, request: request)
        #expect(raw.proof?.extent == .whole && raw.raw.count == 31 && raw.proof?.followMark == nil)
        try server.replace(script: ScimScript { $0.filters = .ignored })
        let unable = await follow(server)
        #expect(unable.proof?.extent == .whole && unable.users.count == 25 && unable.remarks.contains("does not say that it can filter"))
    }

    // MARK: - What does not do

    struct Refusal: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let message: String
        var settings: @Sendable (inout ScimSettings) -> Void = { _ in }
        let script: @Sendable (inout ScimScript) -> Void

        init(
            _ name: String, _ message: String, settings: @escaping @Sendable (inout ScimSettings) -> Void = { _ in },
            _ script: @escaping @Sendable (inout ScimScript) -> Void
        ) {
            testDescription = name
            self.message = message
            self.settings = settings
            self.script = script
        }
    }

    static let refusals = [
        Refusal("400 to the filter", "answered 400") { $0.faults = [ScimFault(.status(400), path: "/Users", times: 0)] },
        Refusal("501 to the filter of groups", "answered 501") { $0.faults = [ScimFault(.status(501), path: "/Groups", times: 0)] },
        Refusal("no totals", "totalResults") { $0.totals = .missing },
        Refusal("count=0 refused", "answered 400") { $0.zeroCount = .rejected },
        Refusal("no Date", "what time it is") { $0.hasDate = false },
        Refusal("a clock that went back", "by its clock") { $0.clockOffset = -365 * 86_400 },
        Refusal("a group that is not there by itself", "not there by itself") {
            $0.faults = [ScimFault(.status(404), path: "/Groups/", times: 0)]
        },
        Refusal("members that do not say what they are", "users or groups") { script in
            script.memberType = false
            script.memberReference = false
        },
        Refusal("members in the list and none alone", "by itself it has 0") { $0.singleMembers = .empty },
        Refusal("members nowhere, by auto", "no group that has changed shows a member") { script in
            script.members = .empty
            script.singleMembers = .empty
        },
        Refusal(
            "a list that is to be trusted and cuts", "shows 3 members of group g1, and by itself it has 9",
            settings: { $0.groupMembers = .list }, { $0.membersCap = 3 }),
    ]

    @Test("What is not as it should be is thrown, so that everything is read", arguments: refusals)
    func refuses(_ refusal: Refusal) async throws {
        let server = try await ScriptedScimServer.start(Self.directory, script: ScimScript(refusal.script))
        defer { server.end() }
        let pulled = await follow(server, refusal.settings)
        #expect(pulled.proof == nil && pulled.error?.code == .incomplete, "\(String(describing: pulled.error))")
        #expect(pulled.error?.message.contains(refusal.message) == true, "\(String(describing: pulled.error))")
    }

    @Test("A total that does not count the changes is no proof, and the filter of the config is not blamed for it")
    func total() async throws {
        let server = try await ScriptedScimServer.start(Self.directory, script: ScimScript { $0.totalOffset = 4 })
        defer { server.end() }
        let pulled = await follow(server) { $0.userFilter = try? ScimFilter(parsing: "active eq true") }
        #expect(pulled.error?.code == .unstable && pulled.error?.message.contains("totalResults") == true)
    }

    @Test("More than 500 changed groups are not asked for one by one")
    func manyGroups() async throws {
        let server = try await ScriptedScimServer.start(users: 2, groups: 501, script: ScimScript { $0.filters = .pretended })
        defer { server.end() }
        let pulled = await follow(server) { $0.pageSize = 1000 }
        #expect(pulled.error?.code == .incomplete && pulled.error?.message.contains("more than 500 groups") == true)
        #expect(try server.log().allSatisfy { !$0.path.contains("/Groups/") })
    }

    @Test("Members that a changed group does not show are unknown; an empty list is believed where config or another group says so")
    func silentGroups() async throws {
        let server = try await ScriptedScimServer.start(
            Self.directory,
            script: ScimScript { script in
                script.members = .absent
                script.singleMembers = .null
            })
        defer { server.end() }
        let silent = await follow(server)
        #expect(silent.members["g1"] == .some(nil) && silent.remarks.contains("stay what they were"))
        try server.replace(
            script: ScimScript { script in
                script.members = .empty
                script.singleMembers = .empty
            })
        let trusted = await follow(server) { $0.groupMembers = .each }
        #expect(trusted.members["g1"] == .some([]))
        var emptied = Self.directory
        emptied.groupChanges[2] = ["members": [], "meta": Self.changed]
        try server.replace(emptied, script: ScimScript { $0.members = .empty })
        let beside = await follow(server)
        #expect(beside.members["g2"] == .some([]) && beside.members["g1"]??.count == 9)
    }

    @Test("Who came from a list that cuts members has all of them")
    func cutLists() async throws {
        let server = try await ScriptedScimServer.start(Self.directory, script: ScimScript { $0.membersCap = 3 })
        defer { server.end() }
        let pulled = await follow(server)
        #expect(pulled.members["g1"]??.count == 9, "\(String(describing: pulled.error))")
    }

    // MARK: - After a whole reading

    @Test("A whole reading says from where on changes can be asked for, once that was tried")
    func mark() async throws {
        let server = try await ScriptedScimServer.start(Self.directory)
        defer { server.end() }
        let pulled = await Pulled(server.settings { $0.follows = true })
        let mark = try #require(pulled.proof?.followMark, "\(pulled.remarks)")
        #expect(pulled.proof?.extent == .whole && mark.users == 25 && mark.groups == 6 && pulled.remarks.isEmpty)
        #expect((599...900).contains(Instant.now.span(since: mark.since).seconds))
        #expect(try queries(server, "s").count { $0.contains("filter=meta.lastModified ge \"1970-01-01T00:00:00Z\"&count=0") } == 2)
        var request = Pulled.request
        request.readsGroups = false
        let users = await Pulled(server.settings { $0.follows = true }, request: request)
        #expect(users.proof?.followMark?.users == 25 && users.proof?.followMark?.groups == 0)
        // A clock that is ahead must not let a change pass.
        try server.replace(script: ScimScript { $0.clockOffset = 7200 })
        let ahead = await Pulled(server.settings { $0.follows = true })
        let since = try #require(ahead.proof?.followMark?.since)
        #expect(Instant.now.span(since: since).seconds >= 599)
    }

    static let reasons = [
        Refusal("no filters", "does not say that it can filter") { $0.filters = .ignored },
        Refusal("no discovery", "does not say that it can filter") { $0.discovery = .none },
        Refusal("no totals", "totalResults") { $0.totals = .missing },
        Refusal("no Date", "what time it is") { $0.hasDate = false },
        Refusal("count=0 refused", "failed: the service answered 400") { $0.zeroCount = .rejected },
        Refusal("lastModified refused", "failed: the service answered 400") {
            $0.faults = [ScimFault(.status(400), path: "/Users", request: 5, times: 0)]
        },
        Refusal("members from the users", "from the users alone") { script in
            script.members = .empty
            script.singleMembers = .empty
            script.userGroups = .direct
        },
        Refusal("an entry that cannot be used", "cannot be used") {
            $0.faults = [ScimFault(.duplicateKey("userName", json: "\"other\""), path: "/Users", page: .middle, times: 1)]
        },
        Refusal(
            "a filter that is not honoured", "lists 1 that the filters",
            settings: { $0.userFilter = try? ScimFilter(parsing: "userName ne \"u3\"") }, { $0.filters = .pretended }),
    ]

    @Test("Where changes could not be followed there is no mark, and the report says why", arguments: reasons)
    func noMark(_ reason: Refusal) async throws {
        let server = try await ScriptedScimServer.start(Self.directory, script: ScimScript(reason.script))
        defer { server.end() }
        let pulled = await Pulled(
            server.settings { settings in
                settings.follows = true
                reason.settings(&settings)
            })
        #expect(pulled.proof?.extent == .whole && pulled.proof?.followMark == nil, "\(String(describing: pulled.error))")
        #expect(pulled.remarks.contains("follow: the next run will read everything again, for "), "\(pulled.remarks)")
        #expect(pulled.remarks.contains(reason.message), "\(pulled.remarks)")
    }

    @Test("Users without meta.lastModified would never be seen to change")
    func withoutTimes() async throws {
        var directory = Self.directory
        directory.userChanges[5] = ["meta": ["lastModified": nil]]
        let server = try await ScriptedScimServer.start(directory)
        defer { server.end() }
        let pulled = await Pulled(server.settings { $0.follows = true })
        #expect(pulled.proof?.followMark == nil && pulled.remarks.contains("finds 24 users of 25"), "\(pulled.remarks)")
    }
}
