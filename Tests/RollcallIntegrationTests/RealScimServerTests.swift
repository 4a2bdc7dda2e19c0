import Foundation
import RollcallTesting
import Testing

@Suite struct RealScimServerTests {
    @Test("scim2-server serves users, and groups with their members, by index")
    func scim2() async throws {
        let server = try await Scim2Server.start()
        defer { server.end() }
        let population = try await server.load(people: 5, groups: [[0, 1, 2], []])
        let users = try get(server.port, "/v2/Users?startIndex=4&count=3", Scim2Server.token)
        #expect(users["totalResults"]?.integer == 5)
        #expect(users["Resources"]?.elements.count == 2)
        let group = try get(server.port, "/v2/Groups/\(population.groups[0])", Scim2Server.token)
        #expect(Set(group["members"]?.elements.compactMap { $0["value"]?.text } ?? []) == Set(population.users[0...2]))
        #expect(try Loopback.request("/v2/Users", port: server.port).status == 401)
    }

    @Test("scim2-server pages by cursor when told to")
    func scim2Cursors() async throws {
        let server = try await Scim2Server.start(.cursor(pageSize: 2))
        defer { server.end() }
        _ = try await server.load(people: 5)
        var sizes: [Int] = []
        var cursor = ""
        repeat {
            let page = try get(server.port, "/v2/Users?count=2&cursor=\(cursor)", Scim2Server.token)
            sizes.append(page["Resources"]?.elements.count ?? -1)
            cursor = page["nextCursor"]?.text ?? ""
        } while !cursor.isEmpty && sizes.count < 9
        #expect(sizes == [2, 2, 1])
    }

    @Test("django-scim2 gives integers as ids, and types of resources without a total")
    func django() async throws {
        let server = try await DjangoScimServer.start()
        defer { server.end() }
        let population = try await server.load(people: 12, groups: [[0, 11]])
        #expect(population.users == (1...12).map { "\($0)" })
        let users = try get(server.port, "/scim/v2/Users?count=3", DjangoScimServer.token)
        #expect(users["Resources"]?.elements.map { $0["id"] } == ["1", "10", "11"])
        let group = try get(server.port, "/scim/v2/Groups/1", DjangoScimServer.token)
        #expect(group["members"]?.elements.compactMap { $0["value"]?.text } == ["1", "12"])
        let types = try get(server.port, "/scim/v2/ResourceTypes", DjangoScimServer.token)
        #expect(types["totalResults"] == nil && types["Resources"] != nil)
        #expect(try Loopback.request("/scim/v2/Users", port: server.port).status == 401)
    }

    private func get(_ port: Int, _ target: String, _ token: String) throws -> JSONLiteral {
        let answer = try Loopback.request(target, port: port, headers: ["Authorization: Bearer \(token)"])
        return try JSONDecoder().decode(JSONLiteral.self, from: answer.body)
    }
}
