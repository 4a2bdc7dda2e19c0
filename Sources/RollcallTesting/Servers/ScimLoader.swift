import Foundation

/// Puts users and groups into a SCIM server as a client would, by a small script.
public struct ScimLoader: Sendable {
    /// A request for the server. In ``path`` and ``body``, `{3}` stands for the id that the answer to the fourth request gave.
    public struct Request: Sendable, Encodable {
        public var method: String
        /// Below the base of the service.
        public var path: String
        public var body: JSONLiteral?

        public init(_ method: String, _ path: String, _ body: JSONLiteral? = nil) {
            self.method = method
            self.path = path
            self.body = body
        }
    }

    public struct Answer: Sendable, Decodable {
        public let status: Int
        /// `nil` when it was no JSON.
        public let body: JSONLiteral?
    }

    /// The ids that the server gave, in the order of the request.
    public struct Population: Sendable {
        public let users: [String]
        public let groups: [String]
    }

    /// The base of the service, over plain HTTP.
    public let url: String
    public let token: String

    /// Sends the requests one after the other.
    public func send(_ requests: [Request]) async throws -> [Answer] {
        try await Thread.apart {
            let directory = try TemporaryDirectory()
            let file = directory.file("requests.json")
            try JSONEncoder().encode(requests).write(to: URL(fileURLWithPath: file))
            let child = try ChildProcess(
                "/usr/bin/env",
                ["SCIM_TOKEN=\(token)", PythonScripts.system] + PythonScripts.arguments("scim_load.py", [url, file]),
                output: directory.file("answers.json"))
            guard child.status(waiting: true) == 0 else { throw ChildProcess.Failure("loading \(url) failed: \(child.text)") }
            return try JSONDecoder().decode([Answer].self, from: Data(child.text.utf8))
        }
    }

    /// Creates users `u0`, `u1`, … and groups `g0`, `g1`, …, each with the users of these numbers.
    ///
    /// - Throws: ``ChildProcess/Failure`` when the server refuses any of it.
    func create(people: Int, groups: [[Int]], addsMembersLater: Bool) async throws -> Population {
        var requests = (0..<people).map { Request("POST", "/Users", ScimLoader.person($0)) }
        for (index, members) in groups.enumerated() {
            let values = JSONLiteral.array(members.map { ["value": "{\($0)}"] })
            var group: [String: JSONLiteral] = ["schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "g\(index)"]
            group[addsMembersLater ? "name" : "members"] = addsMembersLater ? "g\(index)" : values
            requests.append(Request("POST", "/Groups", .object(group)))
            guard addsMembersLater, !members.isEmpty else { continue }
            let patch: JSONLiteral = [
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                "Operations": [["op": "add", "path": "members", "value": values]],
            ]
            requests.append(Request("PATCH", "/Groups/{\(requests.count - 1)}", patch))
        }
        let answers = try await send(requests)
        if let refused = answers.firstIndex(where: { $0.status >= 300 }) {
            throw ChildProcess.Failure("\(url) refused \(requests[refused]): \(answers[refused])")
        }
        let ids = zip(requests, answers).filter { $0.0.method == "POST" }.map { $0.1.body?["id"]?.text ?? "" }
        return Population(users: Array(ids.prefix(people)), groups: Array(ids.dropFirst(people)))
    }

    private static func person(_ index: Int) -> JSONLiteral {
        [
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "u\(index)",
            "name": ["givenName": "Person", "familyName": "\(index)"],
            "emails": [["value": "u\(index)@example.org", "type": "work", "primary": true]], "active": true,
        ]
    }
}
