import Foundation

/// A throw-away `scim2-server` on loopback: a complete SCIM server that keeps its data in memory.
public final class Scim2Server: Sendable {
    /// How it pages.
    public enum Paging: Sendable {
        /// By index; a cursor is answered with 501.
        case index
        /// By cursor (RFC 9865) unless a `startIndex` is given, `pageSize` resources at most.
        case cursor(pageSize: Int)
    }

    /// Distinctive, so that a test can look for it wherever it must not be.
    public static let token = "canary-mW3kPz-scim2-token"

    public let directory: TemporaryDirectory
    public let port: Int
    private let process: ChildProcess

    /// The base of the service, without a slash at its end.
    public var url: String { "http://127.0.0.1:\(port)/v2" }
    public var loader: ScimLoader { ScimLoader(url: url, token: Scim2Server.token) }
    public var pid: Int32 { process.pid }

    /// Starts a server and waits until it answers.
    public static func start(_ paging: Paging = .index) async throws -> Scim2Server {
        try await Thread.apart { try Scim2Server(paging) }
    }

    /// Creates users `u0`, `u1`, … and groups `g0`, `g1`, …, each with the users of these numbers.
    public func load(people: Int, groups: [[Int]] = []) async throws -> ScimLoader.Population {
        try await loader.create(people: people, groups: groups, addsMembersLater: false)
    }

    /// Ends the server. Call it at the end of a test, which also keeps the server alive until there.
    public func end() {
        process.end()
    }

    private init(_ paging: Paging) throws {
        directory = try TemporaryDirectory()
        var options: [String] = []
        if case .cursor(let size) = paging {
            options = ["--service-provider-config", try directory.write(Scim2Server.config(pageSize: size), to: "config.json")]
        }
        let python = try PythonScripts.environment()
        let output = directory.file("scim2.out")
        (process, port) = try PythonServer.launch { port in
            let address = ["--hostname", "127.0.0.1", "--port", "\(port)", "--bearer-token", Scim2Server.token]
            return try ChildProcess(python, ["-m", "scim2_server.testserver.cli"] + address + options, output: output)
        }
    }

    private static func config(pageSize: Int) -> String {
        """
        {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"], "patch": {"supported": true},
         "bulk": {"supported": true, "maxOperations": 1000, "maxPayloadSize": 1048576}, "filter": {"supported": true, "maxResults": 1000},
         "changePassword": {"supported": true}, "sort": {"supported": true}, "etag": {"supported": true},
         "pagination": {"cursor": true, "index": true, "defaultPaginationMethod": "cursor", "defaultPageSize": \(pageSize),
                        "maxPageSize": \(pageSize), "cursorTimeout": 3600}}
        """
    }
}
