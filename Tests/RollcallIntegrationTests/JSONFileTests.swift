import Foundation
import RollcallTesting
import Testing

@Suite("SCIM resources in a JSON file as a source")
struct JSONFileTests {
    private static let people: [String] = (0..<12).map { index in
        #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"U\#(index)","userName":"u\#(index)","active":\#(index != 3),"emails":[{"value":"u\#(index)@example.org","primary":true}]}"#
    }
    private static let group =
        #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"G1","displayName":"staff","members":[{"value":"U1","type":"User"},{"value":"U2"}]}"#

    private static func document(_ resources: [String], total: Int? = nil) -> String {
        #"{"totalResults":\#(total ?? resources.count),"Resources":[\#(resources.joined(separator: ","))]}"#
    }

    private func workspace(_ name: String, _ text: String) throws -> Workspace {
        let workspace = try Workspace()
        try workspace.configure(source: "source: {type: file, path: \(name)}", "groups: [{from: staff, grant: Staff}]")
        try workspace.directory.write(text, to: name)
        return workspace
    }

    private static let written: [(String, String)] = {
        let all = people + [group]
        let array = "[" + all.joined(separator: ",\n") + "]"
        let lines = all.joined(separator: "\n") + "\n"
        return [("people.json", document(all)), ("people.json", array), ("people.ndjson", lines)]
    }()

    @Test("A ListResponse, an array, and a resource a line give the same", arguments: written)
    func forms(_ name: String, _ text: String) async throws {
        let workspace = try workspace(name, text)
        try await workspace.approveAll()
        #expect(try await workspace.run("plan").status == 0)
        let users = try await StoreContent.ask(workspace.store, "SELECT username, status, email FROM users ORDER BY username")
        #expect(users.split(separator: "\n").count == 12 && users.contains("u3|inactive|u3@example.org"), "\(users)")
        let grants = try await StoreContent.ask(
            workspace.store, "SELECT u.username FROM grants g JOIN users u ON u.id = g.user_id ORDER BY u.username")
        #expect(grants.split(separator: "\n") == ["u1", "u2"])

        try workspace.directory.write(
            text.replacingOccurrences(of: "\"userName\":\"u5\"", with: "\"userName\":\"u5\",\"displayName\":\"Five\""), to: name)
        let apply = try await workspace.run("apply")
        #expect(apply.status == 0 && apply.text.contains("Five"), "\(apply.said)")
        let check = try await workspace.run("check")
        #expect(check.status == 0, "\(check.said)")
    }

    @Test("Who is not in the file any more is gone")
    func leaver() async throws {
        let workspace = try workspace("people.json", Self.document(Self.people + [Self.group]))
        try await workspace.approveAll()
        try workspace.directory.write(Self.document(Array(Self.people.dropLast()) + [Self.group]), to: "people.json")
        let apply = try await workspace.run("apply")
        #expect(apply.status == 0 && apply.text.contains("gone"), "\(apply.said)")
    }

    @Test(
        "Who is inactive stays out, and who is active stays, when `active` has no value or one that cannot be read",
        arguments: ["null", "[]", "{}", "[{}]", "[null]", "\"\"", "\"perhaps\"", "{\"is\": true}"])
    func noValue(_ form: String) async throws {
        let workspace = try workspace("people.json", Self.document(Self.people + [Self.group]))
        try await workspace.approveAll()
        let changed = Self.people.enumerated().map { index, text in
            index == 1 || index == 3 ? text.replacingOccurrences(of: "\"active\":\(index != 3)", with: "\"active\":\(form)") : text
        }
        try workspace.directory.write(Self.document(changed + [Self.group]), to: "people.json")
        for words in ["cannot be told", "undecided   2"] {
            let apply = try await workspace.run("apply")
            #expect(apply.text.contains(words), "\(apply.said)")
            let users = try await StoreContent.ask(workspace.store, "SELECT username, status FROM users ORDER BY username")
            #expect(users.contains("u3|inactive") && users.contains("u1|active"), "\(users)")
        }
        // A newcomer waits for it.
        let newcomer = #"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"U99","userName":"u99","active":\#(form)}"#
        try workspace.directory.write(Self.document(changed + [newcomer, Self.group]), to: "people.json")
        #expect(try await workspace.run("apply").status == 4)
        #expect(try await StoreContent.ask(workspace.store, "SELECT count(*) FROM users WHERE username = 'u99'") == "0")
    }

    @Test("One id on two resources leaves that user undecided, names both, and the rest goes on")
    func twoResources() async throws {
        let workspace = try workspace("people.json", Self.document(Self.people + [Self.group]))
        try await workspace.approveAll()
        var changed = Self.people
        changed[5] = changed[5].replacingOccurrences(of: "u5@example.org", with: "new5@example.org")
        changed.append(changed[1].replacingOccurrences(of: "u1@example.org", with: "other@example.org"))
        try workspace.directory.write(Self.document(changed + [Self.group]), to: "people.json")
        let apply = try await workspace.run("apply")
        #expect(
            apply.status == 4 && apply.text.contains("people.json, resource 2 and ") && apply.text.contains("people.json, resource 13"),
            "\(apply.said)")
        #expect(try await StoreContent.ask(workspace.store, "SELECT email FROM users WHERE username = 'u5'") == "new5@example.org")
        #expect(try await StoreContent.ask(workspace.store, "SELECT email FROM users WHERE username = 'u1'") == "u1@example.org")
    }

    private static let broken: [(String, String, String)] = {
        let cut = String(document(people).dropLast(3))
        let cutLine = String(people.joined(separator: "\n").dropLast(8))
        return [
            ("people.json", cut, "ends in the middle"), ("people.json", document(people, total: 20), "totalResults is 20"),
            ("people.json", #"{"nextCursor":"p2","Resources":[\#(people[0])]}"#, "has a nextCursor"),
            ("people.json", #"{"startIndex":11,"Resources":[\#(people[0])]}"#, "begins at startIndex 11"),
            ("people.json", #"{"id":"U1","userName":"u1"}"#, "no list"), ("people.json", "", "it is empty"),
            ("people.json", "<html></html>", "HTML"), ("people.ndjson", cutLine, "ends in the middle"),
        ]
    }()

    @Test("A file that is not whole changes nothing", arguments: broken)
    func incomplete(_ name: String, _ text: String, _ message: String) async throws {
        let workspace = try workspace(name, name.hasSuffix("ndjson") ? Self.people.joined(separator: "\n") : Self.document(Self.people))
        try await workspace.approveAll()
        try workspace.directory.write(text, to: name)
        let apply = try await workspace.run("apply")
        #expect(apply.status == 5 && apply.text.contains(message), "\(apply.said)")
    }

    @Test("A snapshot of the file gives the same plan")
    func snapshot() async throws {
        let workspace = try workspace("people.json", Self.document(Self.people + [Self.group]))
        let kept = workspace.directory.file("kept.snapshot")
        #expect(try await workspace.run("snapshot", "--out", kept).status == 0)
        let live = try await workspace.run("plan", "--format", "json")
        try FileManager.default.removeItem(atPath: workspace.directory.file("people.json"))
        let replayed = try await workspace.run("plan", "--snapshot", kept, "--format", "json")
        #expect(try replayed.changes().compactMap { $0["digest"] as? String } == live.changes().compactMap { $0["digest"] as? String })
        #expect(try live.changes().count >= 13)
    }
}
