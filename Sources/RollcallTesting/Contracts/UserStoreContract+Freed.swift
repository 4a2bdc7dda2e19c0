internal import RollcallCore

/// Deleted users whose names config makes free.
extension UserStoreContract {
    /// Makes people, and deletes the first of them by a rule.
    private mutating func deleteFirst(of names: [String], reuses: Bool = true) throws {
        let fired = "(employeeType=fired)"
        var rule = StatusRule(test: .when(.ldap(try Filter(parsing: fired))), outcome: .deleted, text: fired)
        rule.isImmediate = true
        rules.status.append(rule)
        rules.lifecycle.reusesIdentifiers = reuses
        people = names.map { UserStoreContract.person($0) }
        _ = try pass()
        change(names[0], "employeeType", ["fired"])
        try expect(try pass().changes, ["delete \(names[0])"], "the deletion")
    }

    static let freedCases = [
        Case("a deleted user keeps their names, and those who are deleted already lose them once config frees names") { contract in
            try contract.deleteFirst(of: ["ann"], reuses: false)
            contract.people.append(person("new", ["uid": ["ANN"], "mail": ["ann@x"]]))
            try contract.expect(try contract.pass().remarks, ["conflict username_taken ANN"], "the remarks without the setting")
            contract.rules.lifecycle.reusesIdentifiers = true
            try contract.expect(try contract.pass().changes, ["create ANN"], "the changes with the setting")
            let dump = try contract.kept.dump()
            try contract.expect(dump.claims, ["1 ann ANN", "2 ann@x ANN"], "claims")
            try contract.expect(dump.users["ann"]?.contains("ann|ann@x|") == true, "the row lost its names", dump)
            try contract.expect(try contract.pass().changes, [], "something is left to do")
        },
        Case("the names of whom a run deletes are free from the next run on") { contract in
            try contract.deleteFirst(of: ["ann"])
            try contract.expect(try contract.kept.dump().claims, [], "claims")
            contract.people.append(person("new", ["uid": ["ann"], "mail": ["ann@x"]]))
            contract.change("ann", "uid", ["anna"])
            contract.change("ann", "mail", ["anna@x"])
            // What becomes of the deleted user's own names upstream is nobody's concern.
            contract.people.append(person("other", ["uid": ["anna"], "mail": ["anna@x"]]))
            let pass = try contract.pass()
            try contract.expect(pass.changes, ["create ann", "create anna"], "the changes")
            try contract.expect(pass.remarks, [], "the remarks")
        },
        Case("whoever comes back while somebody else has their username stays deleted until it is free again") { contract in
            try contract.deleteFirst(of: ["ann"])
            contract.people.append(person("new", ["uid": ["ANN"], "mail": ["ann@x"]]))
            _ = try contract.pass()
            contract.change("ann", "employeeType", [])
            for _ in 0..<2 {
                let pass = try contract.pass()
                try contract.expect(pass.changes, [], "the changes")
                try contract.expect(pass.remarks, ["conflict username_taken ann"], "the remarks")
                try contract.expect(
                    pass.rows[0].remarks[0].message.hasSuffix("(the user of another entry); the account stays deleted"), "the sentence")
            }
            contract.change("new", "uid", ["new"])
            contract.change("new", "mail", ["new@x"])
            let back = try contract.pass()
            try contract.expect(back.changes, ["reactivate ann", "rename ANN", "update ANN"], "the changes once it is given up")
            try contract.expect(back.remarks, [], "the remarks once it is given up")
            try contract.expect(
                try contract.kept.dump().claims, ["1 ann ann", "1 new new", "2 ann@x ann", "2 new@x new"], "claims")
            try contract.expect(try contract.pass().changes, [], "something is left to do")
        },
        Case("whoever comes back under another name takes that one") { contract in
            try contract.deleteFirst(of: ["ann"])
            contract.people.append(person("new", ["uid": ["ann"]]))
            _ = try contract.pass()
            contract.change("ann", "employeeType", [])
            contract.change("ann", "uid", ["anna"])
            let pass = try contract.pass()
            try contract.expect(pass.changes, ["rename ann", "reactivate ann"], "the changes")
            try contract.expect(
                try contract.kept.dump().claims, ["1 ann ann", "1 anna anna", "2 ann@x anna", "2 new@x ann"], "claims")
        },
        Case("whoever comes back while somebody else has their email comes back without it") { contract in
            try contract.deleteFirst(of: ["ann"])
            contract.people.append(person("new", ["mail": ["Ann@x"]]))
            _ = try contract.pass()
            contract.change("ann", "employeeType", [])
            let pass = try contract.pass()
            try contract.expect(pass.changes, ["update ann", "reactivate ann"], "the changes")
            try contract.expect(pass.remarks, ["conflict email_taken ann"], "the remarks")
            try contract.expect(try contract.kept.dump().claims, ["1 ann ann", "1 new new", "2 ann@x new"], "claims")
            contract.change("new", "mail", [])
            try contract.expect(try contract.pass().changes, ["update ann", "update new"], "the changes once it is given up")
        },
        Case("whoever comes back beside a newcomer of the same name waits, and so does the newcomer") { contract in
            try contract.deleteFirst(of: ["ann"])
            contract.change("ann", "employeeType", [])
            contract.people.insert(person("a-new", ["uid": ["ann"]]), at: 0)
            let pass = try contract.pass()
            try contract.expect(pass.changes, [], "the changes")
            try contract.expect(pass.remarks, ["conflict username_disputed ann", "conflict username_disputed ann"], "the remarks")
            contract.change("a-new", "uid", ["new"])
            try contract.expect(try contract.pass().changes, ["create new", "reactivate ann"], "the changes once one gives way")
        },
        Case("once config keeps names again, they come back where nobody has them, and else stay free") { contract in
            try contract.deleteFirst(of: ["ann", "bob"])
            contract.change("bob", "employeeType", ["fired"])
            contract.people.append(person("new", ["uid": ["ANN"]]))
            _ = try contract.pass()
            contract.rules.lifecycle.reusesIdentifiers = false
            _ = try contract.pass()
            try contract.expect(
                try contract.kept.dump().claims, ["1 ann ANN", "1 bob bob", "2 ann@x ann", "2 bob@x bob", "2 new@x ANN"], "claims")
            contract.change("ann", "employeeType", [])
            contract.change("bob", "employeeType", [])
            let pass = try contract.pass()
            try contract.expect(pass.changes, ["reactivate bob"], "the changes")
            try contract.expect(pass.remarks, ["conflict username_taken ann"], "the remarks")
            contract.change("new", "uid", ["new"])
            try contract.expect(try contract.pass().changes, ["reactivate ann", "rename ANN"], "the changes once it is given up")
            try contract.expect(try contract.kept.dump().claims.filter { $0.hasSuffix(" ann") }, ["1 ann ann", "2 ann@x ann"], "claims")
        },
        Case("restoring takes the names back, but for an email that somebody else has, and is refused when the username is theirs") {
            contract in
            contract.rules.lifecycle.reusesIdentifiers = true
            contract.people = [person("ann"), person("bob"), person("cyd")]
            _ = try contract.pass()
            for name in ["ann", "bob", "cyd"] as [Text] { try contract.kept.set(name, status: .deleted) }
            contract.people.append(person("new", ["uid": ["ANN"], "mail": ["bob@x"]]))
            try contract.expect(try contract.pass().changes, ["create ANN"], "the joiner")
            try contract.refuse(.restore("ann"), "ANN has it now")
            try contract.refuse(.restore("id-ann"), "ANN has it now")
            let done = try contract.carryOut(.restore("bob"))
            try contract.expect(done.operations[0].detail.string.hasSuffix("; without the email, which ANN has now"), "the operation", done)
            try contract.carryOut(.restore("CYD@x"))
            try contract.expect(
                try contract.kept.dump().claims, ["1 ann ANN", "1 bob bob", "1 cyd cyd", "2 bob@x ANN", "2 cyd@x cyd"], "claims")
            let pass = try contract.pass()
            try contract.expect(pass.changes, ["reactivate bob", "reactivate cyd"], "the run after")
            try contract.expect(pass.remarks, ["drift deleted_here ann", "conflict email_taken bob"], "the remarks of the run after")
        },
        Case("an application that brings a deleted user back, or removes them, leaves nothing behind") { contract in
            try contract.deleteFirst(of: ["ann"])
            contract.people = []
            _ = try contract.pass()
            try contract.kept.set("ann", status: .active)
            _ = try contract.pass(applies: false)
            try contract.expect(try contract.pass().changes, ["deactivate ann"], "the changes")
            try contract.expect(try contract.kept.dump().claims, ["1 ann ann", "2 ann@x ann"], "claims")
            try contract.kept.set("ann", status: .deleted)
            _ = try contract.pass()
            try contract.expect(try contract.kept.dump().claims, [], "claims of the deleted")
            try contract.kept.remove("ann")
            contract.people = [person("bob")]
            _ = try contract.pass()
            try contract.kept.set("bob", status: .deleted)
            contract.rules.lifecycle.reusesIdentifiers = false
            _ = try contract.pass()
            try contract.expect(try contract.kept.dump().claims, ["1 bob bob", "2 bob@x bob"], "claims of who came after")
        },
    ]
}
