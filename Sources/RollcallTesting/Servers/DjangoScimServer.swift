import Foundation

/// A throw-away Django with django-scim2 on loopback: a SCIM server that keeps to less of the RFCs than others.
///
/// Its ids are small integers and its pages are in the order of their text. It ignores `attributes` and sorting, filters on `active` and
/// `meta` match nobody, and the status in its errors is a number.
public final class DjangoScimServer: Sendable {
    /// Distinctive, so that a test can look for it wherever it must not be.
    public static let token = "canary-Vb7rQd-django-token"

    public let directory: TemporaryDirectory
    public let port: Int
    private let process: ChildProcess

    /// The base of the service, without a slash at its end.
    public var url: String { "http://127.0.0.1:\(port)/scim/v2" }
    public var loader: ScimLoader { ScimLoader(url: url, token: DjangoScimServer.token) }
    public var pid: Int32 { process.pid }

    /// Starts a server with an empty database and waits until it answers.
    public static func start() async throws -> DjangoScimServer {
        try await Thread.apart { try DjangoScimServer() }
    }

    /// Creates users `u0`, `u1`, … and groups `g0`, `g1`, …, each with the users of these numbers.
    public func load(people: Int, groups: [[Int]] = []) async throws -> ScimLoader.Population {
        try await loader.create(people: people, groups: groups, addsMembersLater: true)
    }

    /// Ends the server and removes its data. Call it at the end of a test, which also keeps the server alive until there.
    public func end() {
        process.end()
    }

    private init() throws {
        directory = try TemporaryDirectory()
        let python = try PythonScripts.environment()
        let output = directory.file("django.out")
        let database = directory.file("django.sqlite")
        (process, port) = try PythonServer.launch { port in
            let variables = ["SCIM_TOKEN=\(DjangoScimServer.token)", "PYTHONPATH=\(PythonScripts.folder)"]
            return try ChildProcess("/usr/bin/env", variables + [python, "-B", "-m", "django_site", "\(port)", database], output: output)
        }
    }
}
