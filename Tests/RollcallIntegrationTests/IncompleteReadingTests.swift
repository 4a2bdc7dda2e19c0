import Foundation
import RollcallTesting
import Testing

@Suite("What the source does not say changes nobody")
struct IncompleteReadingTests {
    /// One way in which a directory says too little.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        /// What the first line says beyond that nothing was changed.
        let words: [String]
        var guards: Set<String> = []
        let change: @Sendable (inout LDAPSource) throws -> Void

        var testDescription: String { name }

        init(_ name: String, _ words: [String], _ change: @escaping @Sendable (inout LDAPSource) throws -> Void) {
            self.name = name
            self.words = words
            self.change = change
        }
    }

    static let unproven: [Case] = [
        Case("a size limit ends the reading", ["4 (sizeLimitExceeded)", "after 50 entries", "size.prtotal"]) { $0.account = "small" },
        Case("a limit cuts a paged reading after good pages", ["4 (sizeLimitExceeded)", "after 200 entries", "size.prtotal"]) {
            $0.account = "total"
        },
        Case("the server takes no page of that size", ["11 (adminLimitExceeded)", "source.page_size"]) { $0.account = "pages" },
        Case("the base does not exist", ["32 (noSuchObject)", "ou=peple"]) { $0.base = "ou=peple,\(SlapdServer.suffix)" },
        Case("the password is wrong", ["49 (invalidCredentials)", "password"]) { $0.password = "wrong-\(SlapdServer.syncPassword)" },
        Case("the bind account does not exist", ["49 (invalidCredentials)"]) { $0.account = "nobody" },
        Case("nothing listens there", ["cannot connect", "connection refused", "is the server up"]) {
            $0.url = "ldap://127.0.0.1:\(try Loopback.freePort())"
        },
    ]

    /// Runs `plan` and `apply` and expects both to end with 5, one line about it, and nothing changed.
    private func expectIncomplete(_ words: [String], _ workspace: Workspace) async throws {
        let before = try await workspace.content()
        for command in ["plan", "apply"] {
            let outcome = try await workspace.run(command)
            #expect(outcome.status == 5, "\(outcome.said)")
            let line = outcome.text.split(separator: "\n").first.map(String.init) ?? ""
            #expect(line.hasPrefix("Incomplete, nothing was changed: "), "\(outcome.said)")
            for word in words { #expect(line.contains(word), "\(command) does not say \(word): \(line)") }
            #expect(!outcome.text.contains("Create (") && !outcome.text.contains("Deactivate ("), "a plan is offered: \(outcome.said)")
            #expect(before.differences(to: try await workspace.content()) == [])
        }
        let json = try await workspace.run("apply", "--format", "json")
        #expect(json.status == 5)
        #expect(try json.part("run", "outcome") as? String == "incomplete")
        #expect(try json.part("source", "complete") as? Bool == false)
        #expect(try json.changes().isEmpty)
        #expect(before.differences(to: try await workspace.content()) == [])
        // The run itself is kept.
        let report = try await workspace.run("report")
        #expect(report.text.contains("Incomplete, nothing was changed: "), "\(report.said)")
        let check = try await workspace.run("check")
        #expect(check.status == 5, "\(check.said)")
    }

    @Test("A reading without its proof ends with 5 and says what to do", arguments: unproven)
    func readsUnproven(_ fault: Case) async throws {
        let workspace = try await SharedDirectory.workspace()
        var source = LDAPSource(try await SharedDirectory.server())
        try fault.change(&source)
        try workspace.configure(source: try source.yaml(in: workspace), Population.rules())
        try await expectIncomplete(fault.words, workspace)
    }

    @Test("check and apply bind once each with a wrong password, which does not lock an account of three tries")
    func lockout() async throws {
        let policy = "cn=policy,\(SlapdServer.suffix)"
        var configuration = SlapdServer.Configuration(
            ldif: Population(10).serverLDIF() + """
                dn: \(policy)
                objectClass: applicationProcess
                objectClass: pwdPolicy
                cn: policy
                pwdAttribute: userPassword
                pwdLockout: TRUE
                pwdMaxFailure: 3

                """)
        configuration.globalLines = ["moduleload ppolicy"]
        // The overlay counts as the root DN does.
        let root = "rootdn \"cn=root,\(SlapdServer.suffix)\""
        configuration.databaseLines = [root, "overlay ppolicy", "ppolicy_default \"\(policy)\""]
        let server = try await SlapdServer.start(configuration)
        defer { server.end() }
        let workspace = try Workspace()
        // A bind at the second server of the list would count as well.
        let list = try LDAPSource(server).yaml(in: workspace).replacingOccurrences(
            of: "url: \"\(server.url)\"", with: "url: [\"\(server.url)\", \"ldap://localhost:\(server.port)\"]")
        #expect(list.contains("ldap://localhost:"))
        try workspace.configure(source: list, Population.rules())
        _ = try workspace.writeSecret("wrong-\(SlapdServer.syncPassword)", to: "ldap-password")
        for command in ["check", "apply"] {
            let outcome = try await workspace.run(command)
            #expect(outcome.status == 5 && outcome.text.contains("lock an account"), "\(outcome.said)")
        }
        _ = try workspace.writeSecret(SlapdServer.syncPassword, to: "ldap-password")
        let plan = try await workspace.run("plan")
        #expect(plan.status == 3, "the account is locked: \(plan.said)")
    }

    @Test("A certificate of another authority ends with 5, and the right one is accepted")
    func wrongAuthority() async throws {
        let server = try await SharedDirectory.server()
        let workspace = try await SharedDirectory.workspace()
        var source = LDAPSource(server)
        source.url = server.tlsURL
        source.caFile = server.authority.certificate
        try workspace.configure(source: try source.yaml(in: workspace), Population.rules())
        let good = try await workspace.run("plan")
        #expect(good.status == 0, "\(good.said)")
        source.caFile = try TestAuthority(in: workspace.directory, name: "another").certificate
        try workspace.configure(source: try source.yaml(in: workspace), Population.rules())
        try await expectIncomplete(["certificate", "must chain to", "another.crt"], workspace)
    }

    @Test("A connection that breaks inside a page ends with 5", arguments: [true, false])
    func broken(_ isReset: Bool) async throws {
        let server = try await SharedDirectory.server()
        let workspace = try await SharedDirectory.workspace()
        let proxy = try TCPFaultProxy(to: server.port, isReset ? .reset(after: 40_001) : .finish(after: 40_001))
        defer { proxy.end() }
        var source = LDAPSource(server)
        source.url = "ldap://127.0.0.1:\(proxy.port)"
        try workspace.configure(source: try source.yaml(in: workspace), Population.rules())
        try await expectIncomplete(["lost while reading users"], workspace)
    }

    @Test("A server that falls silent ends with 5 within its time", arguments: ["answer_timeout: 1s", "deadline: 1s"])
    func silent(_ setting: String) async throws {
        let server = try await SharedDirectory.server()
        let workspace = try await SharedDirectory.workspace()
        let proxy = try TCPFaultProxy(to: server.port, .stall(after: 40_001))
        defer { proxy.end() }
        var source = LDAPSource(server)
        source.url = "ldap://127.0.0.1:\(proxy.port)"
        source.rest = setting
        try workspace.configure(source: try source.yaml(in: workspace), Population.rules())
        let start = ContinuousClock.now
        try await expectIncomplete([String(setting.prefix { $0 != ":" })], workspace)
        // Far from the hour that the server would take, also on a busy machine.
        #expect(ContinuousClock.now - start < .seconds(120))
    }

    @Test("A server that dies between two runs ends the second with 5")
    func died() async throws {
        let server = try await SlapdServer.start(SlapdServer.Configuration(ldif: Population(30).serverLDIF()))
        defer { server.end() }
        let workspace = try Workspace()
        try workspace.configure(source: try LDAPSource(server).yaml(in: workspace), Population.rules())
        try await workspace.approveAll()
        server.crash()
        try await expectIncomplete(["cannot connect", "is the server up"], workspace)
    }

    @Test("An LDIF file that ends inside a record, or is gone, ends with 5", arguments: [true, false])
    func file(_ isCut: Bool) async throws {
        let workspace = try Workspace()
        let ldif = Population(30).ldif
        try workspace.configure(ldif: ldif, Population.rules())
        try await workspace.approveAll()
        if isCut {
            // Cut inside a line, as a full disk or an interrupted copy does.
            try workspace.directory.write(String(ldif.prefix(ldif.count / 2)), to: "people.ldif")
        } else {
            try FileManager.default.removeItem(atPath: workspace.people)
        }
        try await expectIncomplete(["people.ldif"], workspace)
    }

    static let thin: [Case] = [
        {
            var hidden = Case("an access rule hides everybody", ["no users at all", "may read"]) { $0.account = "blind" }
            hidden.guards = ["empty"]
            return hidden
        }(),
        {
            var hidden = Case("an access rule hides four of ten", ["may read"]) { $0.account = "partial" }
            hidden.guards = ["shrink", "deactivations"]
            return hidden
        }(),
        {
            var hidden = Case("an access rule hides an attribute", ["mail is gone from 300 of 300", "may read"]) { $0.account = "nomail" }
            hidden.guards = ["attribute_gone"]
            return hidden
        }(),
    ]

    @Test("A reading that succeeds and says too little is held", arguments: thin)
    func readsThin(_ fault: Case) async throws {
        let workspace = try await SharedDirectory.workspace()
        var source = LDAPSource(try await SharedDirectory.server())
        try fault.change(&source)
        try workspace.configure(source: try source.yaml(in: workspace), Population.rules())
        let before = try await workspace.content()
        for command in ["plan", "apply"] {
            let text = try await workspace.run(command)
            #expect(text.status == 3, "\(text.said)")
            #expect(text.text.hasPrefix("Held: ") && text.text.contains("Nothing was changed."), "\(text.said)")
            for word in fault.words { #expect(text.text.contains(word), "\(command) does not say \(word): \(text.said)") }
            #expect(before.differences(to: try await workspace.content()) == [])
            let json = try await workspace.run(command, "--format", "json")
            #expect(json.status == 3)
            #expect(try json.part("run", "outcome") as? String == "held")
            let guards = try json.heldGuards()
            #expect(guards.isSuperset(of: fault.guards), "\(guards)")
            #expect(before.differences(to: try await workspace.content()) == [])
        }
        // Nothing that a saved plan without approval could get past the guards either.
        _ = try await workspace.run("plan", "--out", workspace.planFile)
        let apply = try await workspace.run("apply", workspace.planFile)
        #expect(apply.status == 3, "\(apply.said)")
        #expect(before.differences(to: try await workspace.content()) == [])
    }

    @Test("An empty directory is held with an empty store too, and approval does not help a reading that failed")
    func emptyFirst() async throws {
        let workspace = try Workspace()
        var source = LDAPSource(try await SharedDirectory.server())
        source.account = "blind"
        try workspace.configure(source: try source.yaml(in: workspace), Population.rules())
        let plan = try await workspace.run("plan", "--format", "json")
        #expect(plan.status == 3, "\(plan.said)")
        #expect(try plan.heldGuards().contains("empty"))
        let apply = try await workspace.run("apply", "--format", "json")
        #expect(apply.status == 3, "\(apply.said)")
        #expect(try await StoreContent.ask(workspace.store, "SELECT count(*) FROM users") == "0")

        let reviewed = try await SharedDirectory.workspace()
        source.account = "partial"
        try reviewed.configure(source: try source.yaml(in: reviewed), Population.rules())
        _ = try await reviewed.run("plan", "--out", reviewed.planFile)
        source.account = "small"
        try reviewed.configure(source: try source.yaml(in: reviewed), Population.rules())
        let before = try await reviewed.content()
        let approved = try await reviewed.run("apply", reviewed.planFile, "--approve")
        #expect(approved.status == 5, "\(approved.said)")
        #expect(before.differences(to: try await reviewed.content()) == [])
    }
}
