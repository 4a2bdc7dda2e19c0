import RollcallCore
import RollcallTesting
import Testing

@testable import RollcallSCIM

/// One way in which services deviate, and what comes of it.
struct Deviation: CustomTestStringConvertible, Sendable {
    let name: String
    /// What the report says, in part; `nil` when nothing is said, because the RFC allows it.
    let remark: String?
    var settings: @Sendable (inout ScimSettings) -> Void = { _ in }
    let script: @Sendable (inout ScimScript) -> Void

    init(
        _ name: String, remark: String? = nil, settings: @escaping @Sendable (inout ScimSettings) -> Void = { _ in },
        _ script: @escaping @Sendable (inout ScimScript) -> Void
    ) {
        self.name = name
        self.remark = remark
        self.settings = settings
        self.script = script
    }

    var testDescription: String { name }
}

@Suite("Services that deviate are read whole all the same")
struct DeviationTests {
    /// Twenty-five users on pages of ten, the fifth of them inactive, and six groups, of which the first holds the second.
    private static let directory: ScriptedDirectory = {
        var directory = ScriptedDirectory(users: 25, groups: 6)
        directory.userChanges = [
            5: ["active": false],
            7: ["emails": [["value": "home@example.org", "type": "home"], ["value": "u7@example.org", "type": "work"]]],
        ]
        return directory
    }()

    static let deviations: [Deviation] = [
        Deviation("none") { _ in },
        Deviation("booleans as \"True\"", remark: "boolean as text") { $0.booleans = .capitalized },
        Deviation("booleans as \"true\"", remark: "boolean as text") { $0.booleans = .lowercase },
        Deviation("booleans as 0 and 1", remark: "boolean as 0 or 1") { $0.booleans = .number },
        Deviation("totals as text", remark: "as text") { $0.totals = .text },
        Deviation("startIndex counted from 0", remark: "counts from 0") { $0.startIndexBase = 0 },
        Deviation("startIndex answered as 0", remark: "another startIndex") { $0.startIndexShown = .zero },
        Deviation("startIndex not answered") { $0.startIndexShown = .missing },
        Deviation("itemsPerPage is what was asked for") { $0.itemsPerPage = .requested },
        Deviation("itemsPerPage is missing") { $0.itemsPerPage = .missing },
        Deviation("totalResults is missing", remark: "no totalResults") { $0.totals = .missing },
        Deviation("pages are cut to 4", remark: "shorter than was asked for") { $0.countCap = 4 },
        Deviation("pages are cut to 1", remark: "shorter than was asked for") { $0.countCap = 1 },
        Deviation("count is ignored", remark: nil) { script in
            script.count = .ignored
            script.defaultCount = 100
        },
        Deviation("startIndex is ignored, everything on one page", remark: "startIndex is ignored") { script in
            script.ignoresStartIndex = true
            script.count = .ignored
            script.defaultCount = 99
        },
        Deviation("the first page again past the end", settings: { $0.pageSize = 99 }, { $0.returnsToStart = true }),
        Deviation("startIndex and count are ignored, and somebody has no id", remark: "startIndex is ignored") { script in
            script.ignoresStartIndex = true
            script.count = .ignored
            script.defaultCount = 99
            script.faults = [ScimFault(.value("id", json: "null"), path: "/Users", times: 0)]
        },
        Deviation("totals written with a fraction") { $0.totals = .fraction },
        Deviation("Resources in lower case", remark: "another letter case") { $0.resourcesKey = "resources" },
        Deviation("schemas of resources missing") { $0.resourceSchemas = .missing },
        Deviation("schemas of resources [\"\"]") { $0.resourceSchemas = .empty },
        Deviation("schemas of resources wrong") { $0.resourceSchemas = .wrong },
        Deviation("schemas of lists missing") { $0.listSchemas = .missing },
        Deviation("meta missing") { $0.meta = .missing },
        Deviation("meta.location relative") { $0.meta = .relative },
        Deviation("meta.resourceType in lower case") { $0.meta = .lowercase },
        Deviation("meta without times") { $0.meta = .withoutTimes },
        Deviation("attribute names in lower case") { $0.names = .lowercase },
        Deviation("attribute names in upper case") { $0.names = .uppercase },
        Deviation("emails without primary and type") { $0.emails = .bare },
        Deviation("emails with placeholders") { $0.emails = .placeholders },
        Deviation("application/json") { $0.contentType = "application/json; charset=utf-8" },
        Deviation("text/html around JSON", remark: "another media type") { $0.contentType = "text/html" },
        Deviation("text/json", remark: "another media type") { $0.contentType = "text/json" },
        Deviation("extension under URN:attribute", remark: "under a key of its own") { script in
            script.enterprise = .flattened
            script.selectsAttributes = false
        },
        Deviation("extension under URN.attribute", remark: "under a key of its own") { script in
            script.enterprise = .dotted
            script.selectsAttributes = false
        },
        Deviation("bare arrays", remark: "bare list") { script in
            script.isBareArray = true
            script.defaultCount = 99
            script.count = .ignored
        },
        Deviation("no discovery") { $0.discovery = .none },
        Deviation("discovery as Slack has it") { $0.discovery = .slack },
        Deviation("count=0 refused") { $0.zeroCount = .rejected },
        Deviation("attributes ignored") { $0.selectsAttributes = false },
        Deviation("gzip") { $0.compresses = true },
        Deviation("no sorting") { $0.sorts = false },
        Deviation("errors as HTML with status numbers") { $0.errors = .html },
        Deviation("cursors offered") { $0.cursors = .offered },
        Deviation("cursors forced") { $0.cursors = .forced },
        Deviation("cursors forced, without totals", remark: "no totalResults") { script in
            script.cursors = .forced
            script.cursorsHaveTotals = false
            script.advertisesPagination = true
        },
        Deviation("cursors forced, short and empty pages, an alphabet to escape") { script in
            script.cursors = .forced
            script.cursorPages = .withEmpty
            script.cursorAlphabet = .wide
        },
        Deviation("cursors as AWS has them", remark: "startIndex is ignored") { script in
            script.cursors = .aws
            script.countCap = 8
        },
        Deviation("cursors as AWS has them, announced") { script in
            script.cursors = .aws
            script.advertisesPagination = true
        },
        Deviation("cursors by config", settings: { $0.pagination = .cursor }, { $0.cursors = .offered }),
        Deviation(
            "a cursor that expires", remark: "expired", settings: { $0.pagination = .cursor },
            { script in
                script.cursors = .offered
                script.faults = [ScimFault(.status(400, scimType: "expiredCursor"), path: "/Users", page: .middle)]
            }),
        Deviation("members without type, with references") { $0.memberType = false },
        Deviation("members without type and reference", remark: "do not say whether they are users or groups") { script in
            script.memberType = false
            script.memberReference = false
        },
        Deviation("members absent in lists", remark: "read one by one") { $0.members = .absent },
        Deviation("members null in lists", remark: "read one by one") { $0.members = .null },
        Deviation("members empty in lists", remark: "read one by one") { $0.members = .empty },
        Deviation("members cut in lists", remark: "cuts members") { $0.membersCap = 3 },
        Deviation("nested members left out in lists", remark: "cuts members") { $0.hidesNested = true },
        Deviation("members by config each", settings: { $0.groupMembers = .each }, { $0.members = .empty }),
        Deviation("single groups without members", remark: "by itself it shows none") { $0.singleMembers = .absent },
        Deviation("members nowhere but on users", remark: "read from the groups of users") { script in
            script.members = .empty
            script.singleMembers = .empty
            script.userGroups = .indirect
        },
    ]

    @Test("Each deviation of the field", arguments: deviations)
    func reads(_ deviation: Deviation) async throws {
        let server = try await ScriptedScimServer.start(Self.directory, script: ScimScript(deviation.script))
        defer { server.end() }
        let pulled = await Pulled(server.settings(deviation.settings))
        #expect(pulled.error == nil, "\(deviation.name)")
        // The first one, when somebody has no id.
        let first = deviation.name.contains("no id") ? 1 : 0
        #expect(
            pulled.proof?.users == 25 - first && pulled.proof?.groups == 6 && pulled.proof?.rejected == first, "\(deviation.name)")
        #expect(Set(pulled.values("userName").keys) == Set((first..<25).map { "u\($0)" }))
        #expect(Set(pulled.users.compactMap(\.anchor).map(\.description)) == Set((first..<25).map(ScriptedDirectory.userID)))
        #expect(pulled.inactive.yes == ["u5"] && pulled.inactive.unknown.isEmpty)
        #expect(pulled.values("emails")["u3"] == ["u3@example.org"])
        #expect(pulled.values("name.familyName")["u12"] == ["12"])
        #expect(pulled.values("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department")["u9"] == ["D009"])
        if let remark = deviation.remark {
            #expect(pulled.remarks.contains(remark), "\(deviation.name): \(pulled.remarks)")
        }
        if deviation.name == "none" { #expect(pulled.remarks.isEmpty, "\(pulled.remarks)") }
        for index in 0..<6 { checkMembers(of: index, pulled, isFlat: deviation.name.contains("nowhere but on users")) }
        #expect(try server.log().allSatisfy { !$0.query.contains("count=0") })
    }

    private func checkMembers(of index: Int, _ pulled: Pulled, isFlat: Bool) {
        func names(_ group: Int) -> Set<String> {
            Set(Self.directory.members(ofGroup: group).map { "/Users/\(ScriptedDirectory.userID($0))" })
        }
        var expected = names(index)
        if index % 5 == 0, index < 5 {
            if isFlat { expected.formUnion(names(index + 1)) } else { expected.insert("/Groups/\(ScriptedDirectory.groupID(index + 1))") }
        }
        #expect(pulled.members["g\(index)"] == expected, "group \(index)")
    }

    @Test("The primary email is taken, else that of work")
    func emails() async throws {
        let server = try await ScriptedScimServer.start(Self.directory)
        defer { server.end() }
        let pulled = await Pulled(server.settings())
        #expect(pulled.values("emails")["u7"] == ["u7@example.org"])
    }

    @Test("Users without `active` are unknown, not inactive")
    func noActive() async throws {
        let server = try await ScriptedScimServer.start(Self.directory, script: ScimScript { $0.booleans = .absent })
        defer { server.end() }
        let pulled = await Pulled(server.settings())
        #expect(pulled.proof != nil && pulled.inactive.yes.isEmpty && pulled.inactive.unknown.count == 25)
        #expect(pulled.values("active").values.allSatisfy { $0.isEmpty })
    }

    @Test("Groups that show no members anywhere are not empty: their members are unknown")
    func silentGroups() async throws {
        let server = try await ScriptedScimServer.start(
            Self.directory,
            script: ScimScript { script in
                script.members = .empty
                script.singleMembers = .empty
            })
        defer { server.end() }
        let pulled = await Pulled(server.settings())
        #expect(pulled.error == nil && pulled.groups.count == 6)
        #expect(pulled.members.values.allSatisfy { $0 == nil })
        #expect(pulled.remarks.contains("stay what they were"))
        let trusted = await Pulled(server.settings { $0.groupMembers = .list })
        #expect(trusted.members.values.allSatisfy { $0 == [] })
    }

    @Test("An absent list of members is unknown even where the list is trusted")
    func absentMembers() async throws {
        var directory = Self.directory
        directory.groupChanges = [2: ["members": nil], 3: ["members": []]]
        let server = try await ScriptedScimServer.start(directory)
        defer { server.end() }
        for way in [ScimSettings.GroupMembers.list, .auto] {
            let pulled = await Pulled(server.settings { $0.groupMembers = way })
            #expect(pulled.members["g2"] == .some(nil) && pulled.members["g3"] == .some([]), "\(way)")
            #expect(pulled.members["g1"]??.count == 9)
            #expect(pulled.remarks.contains("the members of group g2 are not known"), "\(way): \(pulled.remarks)")
        }
    }

    @Test("Members whose ids are both a user's and a group's are users, and the report says so")
    func ambiguousMembers() async throws {
        var directory = ScriptedDirectory()
        directory.extraUsers = [["id": "1", "userName": "ann", "active": true], ["id": "2", "userName": "bob", "active": true]]
        directory.extraGroups = [
            ["id": "1", "displayName": "one", "members": [["value": "2"]]],
            ["id": "7", "displayName": "seven", "members": [["value": "1"], ["value": "7"]]],
        ]
        let server = try await ScriptedScimServer.start(
            directory,
            script: ScimScript { script in
                script.memberType = false
                script.memberReference = false
            })
        defer { server.end() }
        let pulled = await Pulled(server.settings())
        #expect(pulled.members["one"] == ["/Users/2"])
        #expect(pulled.members["seven"] == ["/Users/1", "/Groups/7"])
        #expect(pulled.remarks.contains("taken as users"))
    }
}
