import Foundation
import Glibc
import RollcallTesting
import Testing

@Suite("The password appears nowhere")
struct SecretTests {
    /// The password, and forms in which it could slip out.
    private static let canaries: [String] = {
        let password = Data(SlapdServer.syncPassword.utf8)
        let hexadecimal = password.map { String(format: "%02x", $0) }.joined()
        return ["canary-Tq8vXz", String(password.base64EncodedString().prefix(20)), String(hexadecimal.prefix(26))]
    }()

    private func expectClean(_ data: Data, _ what: String) {
        let text = String(decoding: data, as: UTF8.self).lowercased()
        for canary in SecretTests.canaries { #expect(!text.contains(canary.lowercased()), "\(what) holds the password") }
    }

    private func expectClean(_ outcome: ProgramOutcome, _ what: String) {
        expectClean(outcome.output, "\(what), standard output,")
        expectClean(outcome.errors, "\(what), standard error,")
    }

    private func expectCleanFiles(of workspace: Workspace) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: workspace.storeFolder) {
            expectClean(FileManager.default.contents(atPath: "\(workspace.storeFolder)/\(name)") ?? Data(), name)
        }
        expectClean(FileManager.default.contents(atPath: workspace.planFile) ?? Data(), "the plan file")
    }

    private static let commands: [[String]] = [
        ["check"], ["plan"], ["apply"], ["explain", "u3"], ["explain", "nobody-of-that-name"], ["report"], ["runs"], ["users", "list"],
    ]

    @Test("in no output of any command, whatever goes wrong", arguments: ["nothing", "password", "account", "authority", "port", "base"])
    func outputs(_ fault: String) async throws {
        let server = try await SharedDirectory.server()
        let workspace = try await SharedDirectory.workspace()
        var source = LDAPSource(server)
        source.url = server.tlsURL
        source.caFile = server.authority.certificate
        switch fault {
        case "password": source.password = "wrong-\(SlapdServer.syncPassword)"
        case "account": source.account = "nobody"
        case "authority": source.caFile = try TestAuthority(in: workspace.directory, name: "another").certificate
        case "port": source.url = "ldaps://127.0.0.1:\(try Loopback.freePort())"
        case "base": source.base = "ou=peple,\(SlapdServer.suffix)"
        default: break
        }
        try workspace.configure(source: try source.yaml(in: workspace), Population.rules())
        for arguments in SecretTests.commands {
            for format in ["text", "json"] {
                let outcome = try await workspace.binary.run(arguments + ["--format", format, "--config", workspace.config])
                #expect([0, 1, 5].contains(outcome.status), "\(arguments): \(outcome.said)")
                expectClean(outcome, "\(fault): \(arguments)")
            }
        }
        _ = try await workspace.run("plan", "--out", workspace.planFile)
        try expectCleanFiles(of: workspace)
    }

    @Test("not in the arguments and the environment of a running program, nor where a credential comes from systemd")
    func process() async throws {
        let server = try await SharedDirectory.server()
        let workspace = try await SharedDirectory.workspace()
        let proxy = try TCPFaultProxy(to: server.port, .stall(after: 40_001))
        defer { proxy.end() }
        var source = LDAPSource(server)
        source.url = "ldap://127.0.0.1:\(proxy.port)"
        let file = workspace.directory.file("ldap-password")
        let yaml = try source.yaml(in: workspace).replacingOccurrences(of: "{file: \"\(file)\"}", with: "{credential: ldap-password}")
        #expect(yaml.contains("{credential: ldap-password}"))
        try workspace.configure(source: yaml, Population.rules())
        var options = ProgramOptions()
        options.environment = ["CREDENTIALS_DIRECTORY": workspace.directory.path]
        let program = try workspace.start("apply", options: options)
        defer { program.stop(SIGKILL) }
        // Past the bind, for entries have come.
        try await eventually("it reads") { proxy.connections > 0 }
        try await Task.sleep(for: .milliseconds(500))
        #expect(program.isRunning)
        for name in ["cmdline", "environ"] {
            let data = FileManager.default.contents(atPath: "/proc/\(program.pid)/\(name)") ?? Data()
            #expect(!data.isEmpty)
            expectClean(data, name)
        }
        program.stop(SIGTERM)
        expectClean(try await program.outcome(), "a run that was ended")
        try expectCleanFiles(of: workspace)
    }

    @Test(
        "a refused password that systemd hands over is said to be seen after a restart only; one in a file is not",
        arguments: [true, false])
    func refusedCredential(isCredential: Bool) async throws {
        let server = try await SharedDirectory.server()
        let workspace = try await SharedDirectory.workspace()
        let file = workspace.directory.file("ldap-password")
        var yaml = try LDAPSource(server).yaml(in: workspace)
        if isCredential { yaml = yaml.replacingOccurrences(of: "{file: \"\(file)\"}", with: "{credential: ldap-password}") }
        try workspace.configure(source: yaml, Population.rules())
        _ = try workspace.writeSecret("wrong", to: "ldap-password")
        var options = ProgramOptions()
        options.environment = ["CREDENTIALS_DIRECTORY": workspace.directory.path]
        let outcome = try await workspace.run("apply", options: options)
        #expect(outcome.status == 5 && outcome.said.contains("correct the bind DN or the password"), "\(outcome.said)")
        #expect(outcome.said.contains("seen after `systemctl restart` only") == isCredential, "\(outcome.said)")
    }

    @Test(
        "and a secret file that others can read, or that is not a plain file, is refused",
        arguments: ["0644", "0640", "0602", "link", "gone", "empty"])
    func exposed(_ how: String) async throws {
        let server = try await SharedDirectory.server()
        let workspace = try await SharedDirectory.workspace()
        try workspace.configure(source: try LDAPSource(server).yaml(in: workspace), Population.rules())
        let secret = workspace.directory.file("ldap-password")
        let words: String
        switch how {
        case "link":
            rename(secret, secret + ".kept")
            symlink(secret + ".kept", secret)
            words = "symbolic link"
        case "gone":
            unlink(secret)
            words = "cannot be opened"
        case "empty":
            truncate(secret, 0)
            words = "empty"
        default:
            chmod(secret, mode_t(how, radix: 8) ?? 0)
            words = "run chmod 600 \(secret)"
        }
        let before = try await workspace.content()
        for command in ["plan", "apply", "check"] {
            let outcome = try await workspace.run(command)
            #expect(outcome.status == 5, "\(outcome.said)")
            #expect(outcome.text.contains(words) && outcome.text.contains(secret), "\(outcome.said)")
            expectClean(outcome, command)
        }
        #expect(before.differences(to: try await workspace.content()) == [])
    }

    @Test(
        "A password written into the config is refused and not repeated",
        arguments: [
            "password: \(SlapdServer.syncPassword)", "password: {value: \(SlapdServer.syncPassword)}",
            "password: {file: a, credential: b, text: \"\(SlapdServer.syncPassword)\"}", "passwort: \(SlapdServer.syncPassword)",
        ])
    func inConfig(_ entry: String) async throws {
        let workspace = try Workspace()
        try workspace.configure(
            source: """
                source:
                  type: ldap
                  url: ldaps://127.0.0.1:1
                  bind: {dn: "\(SlapdServer.syncDN)", \(entry)}
                  users: {base: "\(SampleDirectory.peopleBase)"}
                """)
        for command in ["check", "plan", "apply"] {
            let outcome = try await workspace.run(command)
            #expect(outcome.status == 78, "\(outcome.said)")
            #expect(outcome.errorText.contains("rollcall.yaml:4:"), "\(outcome.said)")
            expectClean(outcome, command)
        }
    }

    @Test("and goes to no server that cannot prove itself, whatever the surroundings say")
    func surroundings() async throws {
        let server = try await SharedDirectory.server()
        let workspace = try await SharedDirectory.workspace()
        var source = LDAPSource(server)
        source.url = server.tlsURL
        source.caFile = try TestAuthority(in: workspace.directory, name: "another").certificate
        try workspace.configure(source: try source.yaml(in: workspace), Population.rules())
        let home = try workspace.directory.makeDirectory("home")
        let lenient = "TLS_REQCERT never\nTLS_CACERT \(server.authority.certificate)\nURI ldap://127.0.0.1:\(server.port)\n"
        for name in [".ldaprc", "ldaprc"] { try workspace.directory.write(lenient, to: "home/\(name)") }
        var options = ProgramOptions()
        options.folder = home
        options.environment = [
            "HOME": home, "LDAPCONF": "\(home)/ldaprc", "LDAPRC": "ldaprc", "LDAPTLS_REQCERT": "never",
            "LDAPTLS_CACERT": server.authority.certificate,
        ]
        let outcome = try await workspace.run("plan", options: options)
        #expect(outcome.status == 5 && outcome.text.contains("certificate"), "\(outcome.said)")
        // Nor in the clear to another machine.
        source = LDAPSource(server)
        source.url = "ldap://192.0.2.1:389"
        try workspace.configure(source: try source.yaml(in: workspace), Population.rules())
        let clear = try await workspace.run("plan")
        #expect([5, 78].contains(clear.status), "\(clear.said)")
        #expect((clear.text + clear.errorText).contains("ldaps"), "\(clear.said)")
        #expect(clear.duration < .seconds(5), "it tried to connect: \(clear.said)")
    }
}
