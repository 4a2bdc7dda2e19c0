internal import RollcallCore

/// Upstream groups, nesting, and the grants that come of them.
extension UserStoreContract {
    static let groupCases = [
        Case("a renamed and moved group is followed by its anchor") { contract in
            contract.people = [person("ann"), person("bob")]
            contract.groups = [MemoryGroup("cn=dev,ou=groups", anchor: "g", name: "dev", members: ["uid=ann,ou=people"])]
            contract.rules.groups = [GroupRule(selector: .anchor(Anchor("g".utf8)), grant: try PatternTemplate("Team"), text: "g")]
            try contract.expect(try contract.pass().changes, ["create ann", "grant ann Team", "create bob"], "the first plan")
            contract.groups[0].name = "developers"
            contract.groups[0].dn = "cn=developers,ou=elsewhere"
            try contract.expect(try contract.pass().changes, [], "the rename is a change")
            contract.groups[0].members = ["UID=Bob, OU=People"]
            try contract.expect(try contract.pass().changes, ["revoke ann Team", "grant bob Team"], "the members")
            try contract.expect(try contract.kept.dump().grants, ["bob Team source developers"], "grants")
        },
        Case("nested groups, diamonds and cycles: each way once, the shortest is kept") { contract in
            contract.people = ["ann", "bob", "cyd"].map { person($0) }
            contract.groups = [
                MemoryGroup("cn=top", anchor: "g1", name: "top", members: ["cn=left", "cn=right"]),
                MemoryGroup("cn=left", anchor: "g2", name: "left", members: ["cn=deep", "cn=top", "cn=left"]),
                MemoryGroup("cn=right", anchor: "g3", name: "right", members: ["uid=bob,ou=people", "cn=deep", "uid=nobody", "cn=none"]),
                MemoryGroup("cn=deep", anchor: "g4", name: "deep", members: ["uid=ann,ou=people", "uid=bob,ou=people"]),
                MemoryGroup("cn=other", anchor: "g5", name: "other", members: ["uid=cyd,ou=people"]),
            ]
            contract.rules.groups = [GroupRule(selector: .name(FoldedKey("top")), grant: try PatternTemplate("Team"), text: "top")]
            let pass = try contract.pass()
            try contract.expect(pass.settlement.unmappedGroups, 1, "unmapped groups")
            try contract.expect(
                try contract.kept.dump().grants, ["ann Team source top › left › deep", "bob Team source top › right"], "grants")
            contract.groups[3].members = ["uid=cyd,ou=people"]
            try contract.expect(try contract.pass().changes, ["revoke ann Team", "grant cyd Team"], "the changes below")
            contract.groups[1].members = []
            contract.groups[2].members = []
            try contract.expect(try contract.pass().changes, ["revoke bob Team", "revoke cyd Team"], "the changes above")
            contract.rules.nestedGroups = false
            contract.groups[0].members.append("uid=ann,ou=people")
            contract.groups[2].members = ["uid=cyd,ou=people"]
            try contract.expect(try contract.pass().changes, ["grant ann Team"], "without nesting")
        },
        Case("two thousand levels of nesting are walked") { contract in
            contract.people = [person("ann")]
            contract.groups = (0..<2_000).map { level in
                MemoryGroup(
                    "cn=l\(level)", anchor: "g\(level)", name: "l\(level)",
                    members: [level == 1_999 ? "uid=ann,ou=people" : "cn=l\(level + 1)"])
            }
            contract.rules.groups = [GroupRule(selector: .name(FoldedKey("l0")), grant: try PatternTemplate("Team"), text: "l0")]
            try contract.expect(try contract.pass().changes, ["create ann", "grant ann Team"], "the first plan")
            contract.groups[1_000].members = []
            try contract.expect(try contract.pass().changes, ["revoke ann Team"], "a link of the chain is gone")
        },
        Case("a permission group is created on demand, and its privileges follow config") { contract in
            contract.people = [person("ann")]
            contract.groups = [MemoryGroup("cn=app-red", anchor: "g", name: "app-red", members: ["uid=ann,ou=people"])]
            contract.rules.groups = [
                GroupRule(
                    selector: .pattern(try LinearPattern("^app-(?<team>.+)$")), grant: try PatternTemplate("Team {team}"), text: "app")
            ]
            let first = try contract.pass()
            try contract.expect(first.changes, ["create ann", "grant ann Team red"], "the first plan")
            try contract.expect(first.totals.tally.privilegedGrants, 0, "privileged grants")
            contract.rules.permissionGroups.append(PermissionGroup(name: "team RED", isPrivileged: true))
            contract.people.append(person("bob"))
            contract.groups[0].members.append("uid=bob,ou=people")
            contract.approves = false
            let second = try contract.pass()
            try contract.expect(second.totals.tally.privilegedGrants, 1, "privileged grants once it is declared so")
            try contract.expect(try contract.kept.dump().grants, ["ann Team red source app-red"], "grants")
        },
        Case("a privileged grant that waits is proposed again, and given once it is approved") { contract in
            contract.people = [person("ann")]
            contract.groups = [MemoryGroup("cn=admins", anchor: "g", name: "admins", members: ["uid=ann,ou=people"])]
            contract.rules.groups = [
                GroupRule(selector: .name(FoldedKey("admins")), grant: try PatternTemplate("Administrators"), text: "admins")
            ]
            contract.approves = false
            for changes in [["create ann", "grant ann Administrators"], ["grant ann Administrators"], ["grant ann Administrators"]] {
                let pass = try contract.pass()
                try contract.expect(pass.changes, changes, "the changes")
                try contract.expect(try contract.kept.dump().grants, [], "grants")
            }
            contract.approves = true
            _ = try contract.pass()
            try contract.expect(try contract.kept.dump().grants, ["ann Administrators source admins"], "grants")
            try contract.expect(try contract.pass().changes, [], "something is left to do")
        },
        Case("what takes a privileged group from its last holder is held, run after run") { contract in
            contract.people = [person("ann"), person("bob")]
            contract.groups = [MemoryGroup("cn=admins", anchor: "g", name: "admins", members: ["uid=ann,ou=people"])]
            contract.rules.groups = [
                GroupRule(selector: .name(FoldedKey("admins")), grant: try PatternTemplate("Administrators"), text: "admins")
            ]
            _ = try contract.pass()
            contract.groups[0].members = []
            contract.change("bob", "cn", ["Bob"])
            for changes in [["revoke ann Administrators", "update bob"], ["revoke ann Administrators"], ["revoke ann Administrators"]] {
                let pass = try contract.pass()
                try contract.expect(pass.totals.lastHolders.endangered, ["Administrators"], "in danger")
                try contract.expect(pass.changes, changes, "the changes")
                try contract.expect(pass.rows.first?.changes.first?.heldBy, .lastHolder, "what holds it")
                try contract.expect(try contract.kept.dump().grants, ["ann Administrators source admins"], "grants")
            }
            try contract.kept.addAccess("bob", group: "Administrators", isPrivileged: true)
            let freed = try contract.pass()
            try contract.expect(freed.changes, ["revoke ann Administrators"], "the changes once another has it")
            try contract.expect(try contract.kept.dump().grants, ["bob Administrators local -"], "grants once another has it")
        },
        Case("holding counts each change once, and leaves the rest of the row alone") { contract in
            contract.people = [person("ann")]
            try contract.kept.make()
            contract.groups = [MemoryGroup("cn=admins", anchor: "g", name: "admins", members: ["uid=ann,ou=people"])]
            contract.rules.groups = [
                GroupRule(selector: .name(FoldedKey("admins")), grant: try PatternTemplate("Administrators"), text: "admins")
            ]
            _ = try contract.pass()
            contract.change("ann", "employeeType", ["ended"])
            contract.change("ann", "cn", ["Ann"])
            let (session, _) = try contract.begin(.apply)
            defer { session.close() }
            _ = try session.plan(Planner(rules: contract.rules, at: Instant(unixSeconds: contract.time)), approval: .nothing)
            try contract.expect(try session.hold(losing: ["Administrators"]), 1, "held")
            try contract.expect(try session.hold(losing: ["Administrators", "Other"]), 0, "held again")
            _ = try session.apply(contract.record(.apply, .appliedPartly))
            let dump = try contract.kept.dump()
            try contract.expect(
                dump.users["ann"]?.contains("|Ann|") == true && dump.users["ann"]?.contains("|active|") == true, "ann", dump)
        },
    ]
}
