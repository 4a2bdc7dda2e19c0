import RollcallTesting

extension SlapdServer {
    private static let managerDN = "cn=manager,\(suffix)"

    /// The database's lines for an account that may change everything.
    static let managerLines = ["rootdn \"\(managerDN)\"", "rootpw manager"]

    /// Changes the directory as its admins do.
    func modify(_ ldif: String) async throws {
        let directory = try TemporaryDirectory()
        let file = try directory.write(ldif, to: "changes.ldif")
        let outcome = try await RunningProgram.run(
            "/usr/bin/ldapmodify", ["-x", "-H", url, "-D", SlapdServer.managerDN, "-w", "manager", "-f", file])
        guard outcome.status == 0 else { throw ChildProcess.Failure("ldapmodify: \(outcome.said)") }
    }
}
