import Foundation

/// A throw-away OpenLDAP server on loopback: its own directory, ports, certificates and data, ended by ``end()`` or with its owner.
///
/// It listens on `ldap://`, `ldaps://` and a unix socket. Anonymous is refused everything but the root DSE and a bind; ``syncDN``
/// may read everything without limits. Extra configuration adds limits and access rules of a test.
public final class SlapdServer: Sendable {
    /// What differs from server to server.
    public struct Configuration: Sendable {
        /// Entries for `slapadd`, the suffix entry included.
        public var ldif: String
        /// Lines before the database, such as `sizelimit 500`.
        public var globalLines: [String] = []
        /// Lines in the database before the standard access rules, so that they win.
        public var databaseLines: [String] = []
        /// The subject of the server's certificate, in openssl's form.
        public var certificateSubject = "/CN=test server"
        /// Alternative names in the server's certificate, in openssl's form; it may have none.
        public var certificateNames = ["IP:127.0.0.1"]
        /// Validity of the server's certificate; negative for an expired one.
        public var certificateDays = 1

        public init(ldif: String) {
            self.ldif = ldif
        }
    }

    public static let suffix = "dc=example,dc=org"
    public static let syncDN = "cn=sync,ou=services,dc=example,dc=org"
    /// Distinctive, so that a test can look for it wherever it must not be.
    public static let syncPassword = "canary-Tq8vXz-password"

    public let directory: TemporaryDirectory
    public let authority: TestAuthority
    public let port: Int
    public let tlsPort: Int
    private let process: ChildProcess

    public var url: String { "ldap://127.0.0.1:\(port)" }
    public var tlsURL: String { "ldaps://127.0.0.1:\(tlsPort)" }
    public var socketURL: String { SlapdServer.socketURL(directory) }
    public var pid: Int32 { process.pid }

    /// Loads the data, starts the server and waits until it answers, all on a thread of its own: tests run on few threads, and one
    /// that blocks there spoils the timing of the others.
    public static func start(_ configuration: Configuration) async throws -> SlapdServer {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try SlapdServer(configuration) })
            }
        }
    }

    private init(_ configuration: Configuration) throws {
        directory = try TemporaryDirectory()
        authority = try TestAuthority(in: directory)
        let identity = try authority.issue(
            "server", subject: configuration.certificateSubject, names: configuration.certificateNames, isServer: true,
            days: configuration.certificateDays)
        let file = try SlapdServer.writeConfiguration(configuration, identity, authority, directory)
        let ldif = try directory.write(configuration.ldif, to: "data.ldif")
        try ChildProcess.run("/usr/sbin/slapadd", ["-q", "-f", file, "-b", SlapdServer.suffix, "-l", ldif], in: directory)
        (process, port, tlsPort) = try SlapdServer.launch(file, directory)
    }

    /// Ends the server and removes its data. Call it at the end of a test, which also keeps the server alive until there.
    public func end() {
        process.end()
    }

    /// Ends the server at once, as a crash would.
    public func crash() {
        process.crash()
    }

    /// Another process may take a port between our look and slapd's, hence the tries. It may be another slapd, which answers there: so it
    /// is the socket in our own folder that is asked, which slapd serves once it has all of its ports.
    private static func launch(_ file: String, _ directory: TemporaryDirectory) throws -> (ChildProcess, Int, Int) {
        var said = ""
        for _ in 0..<5 {
            let port = try Loopback.freePort()
            let tlsPort = try Loopback.freePort()
            let urls = "ldap://127.0.0.1:\(port) ldaps://127.0.0.1:\(tlsPort) \(socketURL(directory))"
            let process = try ChildProcess("/usr/sbin/slapd", ["-d", "0", "-f", file, "-h", urls], output: directory.file("slapd.out"))
            for _ in 0..<1000 where process.isRunning {
                if Loopback.answersLDAP(at: directory.file("ldapi")) { return (process, port, tlsPort) }
                usleep(10_000)
            }
            said = process.text
            process.end()
        }
        throw ChildProcess.Failure("slapd does not come up: \(said)")
    }

    private static func socketURL(_ directory: TemporaryDirectory) -> String {
        "ldapi://" + directory.file("ldapi").replacingOccurrences(of: "/", with: "%2F")
    }
}
