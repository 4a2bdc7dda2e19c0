internal import RollcallCore

/// Accounts that find their entries by a person's hand, and those that an application has removed.
extension UserStoreContract {
    private static func link(_ user: Text, _ entry: Text) -> Deed {
        .link([LinkRequest(.named(user), to: .named(entry))])
    }

    static let linkCases = [
        Case("a local account is linked by anchor, DN or name, and the next run makes it what upstream says") { contract in
            try contract.kept.make()
            try contract.kept.addUser("ann", email: "old@x", status: .active, role: .none)
            contract.people = [person("ann"), person("bob")]
            try contract.expect(try contract.pass().remarks, ["conflict username_taken ann"], "the first run")
            for name: Text in ["id-ann", "UID=ann, OU=people", "Ann"] {
                let shown = try contract.kept.store.preview(contract.request(link("ann", name)))
                try contract.expect(shown.operations.count, 1, "the link by \(name)")
            }
            try contract.carryOut(link("ann", "id-ann"))
            try contract.expectIdle(link("ann", "id-ann"))
            try contract.expect(try contract.kept.dump().links, ["id-ann ann", "id-bob bob"], "the links")
            try contract.expect(try contract.pass().changes, ["update ann"], "the next run")
            try contract.expect(try contract.pass().rows, [], "the run after it")
        },
        Case("what may not be linked is refused, and of several all or none are linked") { contract in
            try contract.kept.make()
            for (name, role) in [("own", Role.owner), ("loc", .none), ("alice", .none), ("prot", .none)] {
                try contract.kept.addUser(Text(name), email: nil, status: .active, role: role)
            }
            contract.rules.protection.users = [FoldedKey("prot")]
            contract.people = [person("ann"), person("w1", ["uid": []]), person("w2", ["uid": []])]
            _ = try contract.pass()
            try contract.refuse(link("ann", "id-w1"), "linked to id-ann")
            try contract.refuse(link("loc", "id-ann"), "has an account: ann")
            try contract.refuse(link("own", "id-w1"), "protected")
            contract.rules.protection.roles = []
            try contract.refuse(link("own", "id-w1"), "owner")
            try contract.refuse(link("prot", "id-w1"), "protected")
            try contract.refuse(link("alice", "id-w1"), "nobody changes their own account")
            try contract.refuse(link("loc", "nobody"), "no entry without an account")
            try contract.refuse(
                .link([
                    LinkRequest(.named("loc"), to: .named("id-w1"), at: "m.csv:2"),
                    LinkRequest(.named("loc"), to: .named("id-w2"), at: "m.csv:3"),
                ]), "m.csv:3")
            try contract.expect(try contract.kept.dump().links, ["id-ann ann"], "the links")
        },
        Case("unlinking makes an account local, and linking it again brings its grants back") { contract in
            contract.people = [person("ann"), person("bob")]
            contract.groups = [MemoryGroup("cn=dev", anchor: "g", name: "dev", members: ["uid=ann,ou=people"])]
            contract.rules.groups = [GroupRule(selector: .name(FoldedKey("dev")), grant: try PatternTemplate("Team"), text: "dev")]
            _ = try contract.pass()
            try contract.kept.addAccess("ann", group: "Helpers", isPrivileged: false)
            let before = try contract.kept.dump()
            try contract.carryOut(.unlink(user: "ann"))
            try contract.expectIdle(.unlink(user: "ann"))
            let local = try contract.kept.dump()
            try contract.expect(local.grants, ["ann Helpers local -"], "grants")
            try contract.expect(local.links, ["id-bob bob"], "links")
            try contract.expect(try contract.pass().remarks, ["conflict username_taken ann"], "the next run")
            try contract.carryOut(link("ann", "id-ann"))
            try contract.expect(try contract.pass().changes, ["grant ann Team"], "the run after the link")
            let after = try contract.kept.dump()
            try contract.expect(after.grants, before.grants, "grants")
            try contract.expect(after.links, before.links, "links")
        },
        Case("the last active holder of a privileged group by a rule is not unlinked") { contract in
            contract.people = [person("ann")]
            contract.groups = [MemoryGroup("cn=adm", anchor: "g", name: "adm", members: ["uid=ann,ou=people"])]
            contract.rules.groups = [
                GroupRule(selector: .name(FoldedKey("adm")), grant: try PatternTemplate("Administrators"), text: "adm")
            ]
            _ = try contract.pass()
            try contract.refuse(.unlink(user: "ann"), "without an active holder")
            try contract.kept.addAccess("ann", group: "Administrators", isPrivileged: true)
            try contract.carryOut(.unlink(user: "ann"))
        },
        Case("an account that was deleted here comes back by a restore and the next run") { contract in
            contract.people = [person("ann")]
            _ = try contract.pass()
            let before = try contract.kept.dump()
            try contract.kept.set("ann", status: .deleted)
            try contract.carryOut(.restore("id-ann"))
            try contract.expectIdle(.restore("ann"))
            try contract.expect(try contract.pass().changes, ["reactivate ann"], "the next run")
            try contract.expect(try contract.kept.dump().links, before.links, "links")
            try contract.expect(try contract.pass().rows, [], "the run after it")
        },
        Case("an account whose row an application has removed is not made again until it is restored") { contract in
            contract.people = [person("ann"), person("bob")]
            _ = try contract.pass()
            try contract.kept.addAccess("ann", group: "Helpers", isPrivileged: false)
            try contract.kept.remove("ann")
            let purged = try contract.kept.dump()
            try contract.expect(purged.claims, ["1 bob bob", "2 bob@x bob"], "claims")
            try contract.expect(
                purged.grants.isEmpty && purged.accesses.isEmpty && purged.links == ["id-bob bob"], "what hung on it", purged)
            for _ in 0..<2 {
                let pass = try contract.pass()
                try contract.expect(pass.changes, [], "the changes")
                try contract.expect(pass.remarks, ["conflict purged_here ann"], "the remarks")
                contract.skipsNothing = true
            }
            // Whoever has the name now may have the account.
            contract.people.append(person("new", ["uid": ["ann"], "mail": ["new@x"]]))
            try contract.expect(try contract.pass().changes, ["create ann"], "a namesake")
            let (ann, bob) = (contract.people[0], contract.people[1])
            contract.people = [bob]
            _ = try contract.pass()
            contract.people = [ann, bob]
            try contract.expect(try contract.pass().remarks, ["conflict purged_here ann"], "the entry was away for a while")
            try contract.refuse(link("bob", "id-ann"), "linked to id-bob")
            try contract.carryOut(.restore("id-ann"))
            try contract.expect(try contract.pass().remarks, ["conflict username_recycled ann"], "the run after the restore")
        },
    ]
}
