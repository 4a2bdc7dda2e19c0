internal import RollcallCore

/// What becomes of accounts: local ones, leavers, those who come back, and those that an administrator keeps.
extension UserStoreContract {
    static let accountCases = [
        Case("local users are never touched, whatever entries want") { contract in
            try contract.kept.make()
            try contract.kept.addUser("loc", email: "loc@x", status: .active, role: .none)
            try contract.kept.addAccess("loc", group: "Team", isPrivileged: false)
            let before = try contract.kept.dump()
            let ann = person("ann")
            for (people, remarks) in [
                ([ann], []), ([ann, person("LOC")], ["conflict username_taken LOC"]),
                ([ann, person("bob", ["mail": ["Loc@x"]])], ["conflict email_taken bob"]),
                ([], []), ([person("ann", ["uid": ["loc"]])], ["conflict username_taken ann"]),
            ] {
                contract.people = people
                let pass = try contract.pass()
                try contract.expect(pass.remarks, remarks, "the remarks")
                let after = try contract.kept.dump()
                try contract.expect(after.users["loc"], before.users["loc"], "the local user")
                try contract.expect(after.claims.filter { $0.hasSuffix(" loc") }, before.claims, "the local user's claims")
                try contract.expect(after.grants.filter { $0.hasPrefix("loc ") }, before.grants, "the local user's grants")
                try contract.expect(after.accesses, before.accesses, "the local user's sessions")
            }
        },
        Case("a leaver keeps their names, and nobody else gets them") { contract in
            contract.people = [person("ann")]
            _ = try contract.pass()
            contract.people = [person("new", ["uid": ["ann"], "mail": ["ann@x"]])]
            let pass = try contract.pass()
            try contract.expect(pass.changes, ["deactivate ann"], "the changes")
            try contract.expect(pass.remarks, ["conflict username_recycled ann"], "the remarks")
            try contract.expect(try contract.kept.dump().claims, ["1 ann ann", "2 ann@x ann"], "claims")
        },
        Case("deactivation ends sessions, tokens and source grants; local grants stay and come back with the same user") { contract in
            contract.people = [person("ann")]
            contract.groups = [MemoryGroup("cn=dev", anchor: "g", name: "dev", members: ["uid=ann,ou=people"])]
            contract.rules.groups = [GroupRule(selector: .name(FoldedKey("dev")), grant: try PatternTemplate("Team"), text: "dev")]
            _ = try contract.pass()
            try contract.kept.addAccess("ann", group: "Helpers", isPrivileged: false)
            let before = try contract.kept.dump()
            try contract.expect(before.grants, ["ann Helpers local -", "ann Team source dev"], "grants")
            try contract.expect(before.accesses.count, 2, "a session and a token")
            contract.change("ann", "employeeType", ["ended"])
            contract.change("ann", "cn", ["Ann Changed"])
            _ = try contract.pass()
            let ended = try contract.kept.dump()
            try contract.expect(ended.grants, ["ann Helpers local -"], "grants after the end")
            try contract.expect(ended.accesses.isEmpty && ended.users["ann"]?.contains("|inactive|") == true, "access goes on", ended)
            contract.change("ann", "employeeType", [])
            try contract.expect(try contract.pass().changes, ["reactivate ann", "grant ann Team"], "the return")
            let after = try contract.kept.dump()
            try contract.expect(after.grants, before.grants, "grants after the return")
            try contract.expect(after.links, before.links, "the link after the return")
        },
        Case("an account deactivated here stays inactive, and one deleted here stays deleted, with drift") { contract in
            contract.people = [person("ann"), person("bob")]
            _ = try contract.pass()
            try contract.kept.set("ann", status: .inactive)
            try contract.kept.set("bob", status: .deleted)
            for _ in 0..<2 {
                let pass = try contract.pass()
                try contract.expect(pass.changes, [], "the changes")
                try contract.expect(pass.remarks, ["drift held_here ann", "drift deleted_here bob"], "the remarks")
            }
            try contract.kept.set("ann", status: .active)
            try contract.expect(try contract.pass().remarks, ["drift deleted_here bob"], "the remarks once ann is active again")
        },
        Case("protected roles and names are left alone") { contract in
            contract.people = [person("ann"), person("bob")]
            _ = try contract.pass()
            try contract.kept.set("ann", role: .owner)
            contract.rules.protection.users = [FoldedKey("BOB")]
            contract.people = []
            let before = try contract.kept.dump()
            let pass = try contract.pass()
            try contract.expect(pass.changes, [], "the changes")
            try contract.expect(pass.remarks, ["protected protected ann", "protected protected bob"], "the remarks")
            try contract.expect(try contract.kept.dump().users, before.users, "the users")
        },
        Case("since when somebody is absent is kept from the first applied absence") { contract in
            contract.people = [person("ann"), person("bob")]
            _ = try contract.pass()
            contract.people.removeFirst()
            _ = try contract.pass(applies: false)
            _ = try contract.pass()
            let first = try contract.kept.dump().links
            contract.change("bob", "cn", ["Bob"])
            contract.skipsNothing = true
            _ = try contract.pass()
            try contract.expect(try contract.kept.dump().links, first, "the absence moved")
            try contract.expect(first.first?.hasPrefix("id-ann ann absent ") == true, "the absence was not kept", first)
            contract.people.append(person("ann"))
            _ = try contract.pass()
            try contract.expect(try contract.kept.dump().links, ["id-ann ann", "id-bob bob"], "the links after the return")
        },
        Case("an unconfirmed absence changes nobody, and counts once it is confirmed") { contract in
            contract.people = [person("ann")]
            _ = try contract.pass()
            contract.people = []
            contract.absence = .unconfirmed("busy")
            let pass = try contract.pass()
            try contract.expect(pass.changes, [], "the changes")
            try contract.expect(pass.remarks, ["warning unconfirmed ann"], "the remarks")
            contract.absence = .leftScope(dn: "uid=ann,ou=elsewhere")
            try contract.expect(try contract.pass().changes, ["deactivate ann"], "the changes once it is confirmed")
        },
        Case("an entry that cannot be used counts as present") { contract in
            contract.people = [person("ann"), person("bob")]
            _ = try contract.pass()
            contract.people[0].defect = "too large"
            contract.people[1].defect = "too large"
            contract.people.append(person("new"))
            contract.people[2].defect = "two anchors"
            let pass = try contract.pass()
            try contract.expect(pass.settlement.orphans, 0, "orphans")
            try contract.expect(pass.changes, [], "the changes")
            try contract.expect(
                pass.remarks, ["undecided unusable ann", "undecided unusable bob", "conflict unusable uid=new,ou=people"], "the remarks")
            for place in contract.people.indices { contract.people[place].defect = nil }
            try contract.expect(try contract.pass().changes, ["create new"], "the changes once they are readable")
        },
    ]
}
