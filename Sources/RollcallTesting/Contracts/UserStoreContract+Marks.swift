internal import RollcallCore

/// What people do to the store beside any run, and take back.
extension UserStoreContract {
    static let alice = Approver(name: "alice (uid 1000)", shortName: "alice", accounts: [FoldedKey("alice")])

    func request(_ deed: Deed, by approver: Approver = alice) -> DeedRequest {
        DeedRequest(deed, by: approver, rules: rules)
    }

    /// Looks at a deed, which must leave no trace, and does it.
    @discardableResult
    func carryOut(_ deed: Deed, by approver: Approver = alice) throws -> DeedPlan {
        let (before, events) = (try kept.dump(), try kept.operations())
        let plan = try kept.store.preview(request(deed, by: approver))
        try expect(try kept.dump(), before, "looking at \(deed.verb) changed something")
        try expect(try kept.operations(), events, "looking at \(deed.verb) was kept")
        let done = try kept.store.carryOut(request(deed, by: approver), as: plan, at: Instant(unixSeconds: 1_794_000_000))
        try expect(done, plan, "something else was done than was shown")
        try expect(try kept.operations(), events + plan.operations, "the audit log")
        return done
    }

    /// What a run would start from.
    mutating func basis() throws -> StoreBasis {
        let session = try begin(.dryRun).session
        defer { session.close() }
        return session.basis
    }

    /// A deed that must be refused for a reason that has these words, and change nothing.
    func refuse(_ deed: Deed, _ words: String, by approver: Approver = alice) throws {
        let before = try kept.dump()
        do {
            _ = try kept.store.preview(request(deed, by: approver))
            throw ContractFailure("\(deed) was not refused")
        } catch let error as StoreError {
            try expect(error.code, .refused, "the error")
            try expect("\(error)".contains(words), "the error does not say \(words)", error)
        }
        do {
            _ = try kept.store.carryOut(request(deed, by: approver), as: DeedPlan(), at: .epoch)
            throw ContractFailure("\(deed) was done")
        } catch let error as StoreError {
            try expect(error.code, .refused, "the error when it is done")
        }
        try expect(try kept.dump(), before, "something was changed")
    }

    /// A deed that there is nothing left to do of.
    func expectIdle(_ deed: Deed) throws {
        let plan = try carryOut(deed)
        try expect(plan.operations.isEmpty && !plan.idle.isEmpty, "there is something to do", plan)
    }

    static let markCases = [
        Case("a hold ends access at once and stays through runs; a release lets the next run undo it") { contract in
            contract.people = [person("ann")]
            contract.groups = [MemoryGroup("cn=dev", anchor: "g", name: "dev", members: ["uid=ann,ou=people"])]
            contract.rules.groups = [GroupRule(selector: .name(FoldedKey("dev")), grant: try PatternTemplate("Team"), text: "dev")]
            _ = try contract.pass()
            try contract.kept.addAccess("ann", group: "Helpers", isPrivileged: false)
            let before = try contract.kept.dump()
            let done = try contract.carryOut(.hold(user: "ANN@x"))
            try contract.expect(
                done.operations.map(\.detail), ["active → inactive, held here; ends 1 session, 1 API token, Team"], "the operation")
            try contract.expectIdle(.hold(user: "ann"))
            let held = try contract.kept.dump()
            try contract.expect(held.users["ann"]?.contains("|inactive|none|1|") == true && held.accesses.isEmpty, "ann", held)
            try contract.expect(held.grants, ["ann Helpers local -"], "grants")
            try contract.expect(try contract.pass().remarks, ["drift held_here ann"], "the next run")
            try contract.carryOut(.release(user: "ann"))
            try contract.expectIdle(.release(user: "ann"))
            try contract.expect(try contract.pass().changes, ["reactivate ann", "grant ann Team"], "the run after the release")
            try contract.expect(try contract.kept.dump().grants, before.grants, "grants")
            try contract.expect(try contract.kept.isAuditWhole(), "the chain is broken")
        },
        Case("a local account that was held is active again with its release") { contract in
            try contract.kept.make()
            try contract.kept.addUser("loc", email: nil, status: .active, role: .none)
            let before = try contract.kept.dump().users["loc"]?.contains("|active|none|0|")
            try contract.carryOut(.hold(user: "loc"))
            try contract.expect(try contract.kept.dump().users["loc"]?.contains("|inactive|none|1|"), true, "the hold")
            try contract.carryOut(.release(user: "loc"))
            try contract.expect(try contract.kept.dump().users["loc"]?.contains("|active|none|0|"), before, "the release")
        },
        Case("nobody is held who is protected, the last active holder of a privileged group, oneself, or nobody") { contract in
            contract.people = [person("ann"), person("bob"), person("alice"), person("cyd")]
            _ = try contract.pass()
            try contract.kept.addAccess("ann", group: "Administrators", isPrivileged: true)
            contract.rules.protection.users = [FoldedKey("Bob")]
            try contract.kept.set("cyd", status: .invited)
            try contract.refuse(.hold(user: "ann"), "without an active holder")
            try contract.refuse(.hold(user: "bob"), "protected")
            try contract.refuse(.release(user: "bob"), "protected")
            try contract.refuse(.hold(user: "alice"), "nobody changes their own account")
            try contract.refuse(.release(user: "Alice"), "somebody else than alice")
            try contract.refuse(.hold(user: "cyd"), "invited")
            try contract.refuse(.hold(user: "nobody\u{1B}"), "nobody\\u{1B}")
            try contract.kept.addAccess("cyd", group: "Administrators", isPrivileged: true)
            try contract.refuse(.hold(user: "ann"), "without an active holder")
            try contract.kept.set("cyd", status: .active)
            try contract.carryOut(.hold(user: "ann"))
            try contract.kept.set("alice", status: .inactive)
            var root = alice
            root.isRoot = true
            try contract.carryOut(.release(user: "alice"), by: root)
        },
        Case("what was shown is what is done; twice is once, and two at once are one") { contract in
            contract.people = [person("ann")]
            _ = try contract.pass()
            let shown = try contract.kept.store.preview(contract.request(.hold(user: "ann")))
            try contract.kept.addAccess("ann", group: "Team", isPrivileged: false)
            do {
                _ = try contract.kept.store.carryOut(contract.request(.hold(user: "ann")), as: shown, at: .epoch)
                throw ContractFailure("something else than was shown was done")
            } catch let error as StoreError {
                try contract.expect(error.code, .moved, "the error")
            }
            try contract.expect(try contract.kept.operations(), [], "the audit log")
            let again = try contract.kept.store.preview(contract.request(.hold(user: "ann")))
            for count in [1, 0] {
                let done = try contract.kept.store.carryOut(contract.request(.hold(user: "ann")), as: again, at: .epoch)
                try contract.expect(done.operations.count, count, "what was done")
            }
            try contract.expect(try contract.kept.operations().count, 1, "the audit log")
            let session = try contract.begin(.apply).session
            defer { session.close() }
            do {
                _ = try contract.kept.store.carryOut(contract.request(.resume), as: DeedPlan(), at: .epoch)
                throw ContractFailure("it was done beside an applier")
            } catch let error as StoreError {
                try contract.expect(error.code, .locked, "the error")
            }
        },
        Case("a deed makes a plan stale that is being made") { contract in
            contract.people = [person("ann"), person("bob")]
            _ = try contract.pass()
            let before = try contract.basis().generation
            try contract.carryOut(.hold(user: "ann"))
            try contract.expect(try contract.basis().generation > before, "the generation did not move")
        },
        Case("a paused source says who, when and why, until it is resumed") { contract in
            try contract.kept.make()
            try contract.carryOut(.pause(reason: "move"))
            try contract.expectIdle(.pause(reason: "again"))
            try contract.expect(
                try contract.basis().pause, Pause(actor: "alice (uid 1000)", since: Instant(unixSeconds: 1_794_000_000), reason: "move"),
                "the pause")
            try contract.carryOut(.resume)
            try contract.expectIdle(.resume)
            try contract.expect(try contract.basis().pause, nil, "the pause")
        },
        Case("an acknowledged remark is known as such until it is another one, or is gone and comes back") { contract in
            contract.rules.lifecycle.username = .keep
            contract.people = [person("ann"), person("bob", ["uid": []])]
            _ = try contract.pass()
            contract.change("ann", "uid", ["anna"])
            let first = try contract.pass()
            try contract.expect(first.remarks, ["drift username ann", "conflict no_username uid=bob,ou=people"], "the remarks")
            try contract.expect(first.rows.flatMap(\.remarks).map(\.isAcknowledged), [false, false], "acknowledged at first")
            try contract.refuse(.acknowledge(.about(["nobody"])), "no drift and no conflict")
            try contract.carryOut(.acknowledge(.about(["ANN"])))
            try contract.expectIdle(.acknowledge(.about(["id-ann"])))
            for _ in 0..<2 {
                let pass = try contract.pass()
                try contract.expect(pass.rows.flatMap(\.remarks).map(\.isAcknowledged), [true, false], "acknowledged")
                try contract.expect(pass.rows.flatMap(\.remarks).map(\.isNew), [false, false], "new")
                try contract.expect(try contract.kept.newestRows(), pass.rows, "the rows as they were kept")
            }
            try contract.carryOut(.acknowledge(.all))
            try contract.expect(try contract.pass().rows.flatMap(\.remarks).map(\.isAcknowledged), [true, true], "all")
            contract.change("ann", "uid", ["annika"])
            try contract.expect(try contract.pass().rows.flatMap(\.remarks).map(\.isNew), [true, false], "another name")
            contract.change("ann", "uid", ["anna"])
            try contract.expect(try contract.pass().rows.flatMap(\.remarks).map(\.isAcknowledged), [false, true], "the first name again")
            try contract.carryOut(.withdraw(.about(["uid=bob,ou=people"])))
            try contract.expectIdle(.withdraw(.all))
            try contract.expect(try contract.pass().rows.flatMap(\.remarks).map(\.isAcknowledged), [false, false], "withdrawn")
        },
        Case("a source that went back is let through once") { contract in
            try contract.kept.make()
            try contract.expectIdle(.acceptSource(server: "one", watermark: "20260101000000.000000Z#000000#001#000000", clock: .latest))
            contract.people = [person("ann")]
            contract.watermark = "20260601000000.000000Z#000000#001#000000"
            _ = try contract.pass()
            try contract.expectIdle(.acceptSource(server: "one", watermark: "20260701000000.000000Z#000000#001#000000", clock: .latest))
            let done = try contract.carryOut(
                .acceptSource(server: "one", watermark: "20260101000000.000000Z#000000#001#000000", clock: .latest))
            try contract.expect(
                done.operations.allSatisfy { "\($0.detail)".contains("20260101") && "\($0.detail)".contains("20260601") }, "both marks",
                done)
            try contract.expect(try contract.basis().watermark, nil, "the mark")
        },
    ]
}
