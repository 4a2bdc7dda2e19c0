internal import RollcallCore

/// Uniqueness is judged on what the store would hold after the plan.
extension UserStoreContract {
    static let nameCases = [
        Case("two swap their usernames and emails in one run, and so do fifty in a ring") { contract in
            for count in [2, 50] {
                let names = (0..<count).map { "p\(count)x\(100 + $0)" }
                contract.people = names.map { person($0) }
                _ = try contract.pass()
                for (place, name) in names.enumerated() {
                    let next = names[(place + 1) % count]
                    contract.change(name, "uid", [next.uppercased()])
                    contract.change(name, "mail", ["\(next)@X"])
                }
                let pass = try contract.pass()
                try contract.expect(pass.remarks, [], "the remarks")
                try contract.expect(pass.totals.summary[.rename], count, "renames")
                try contract.expect(pass.totals.summary[.update], count, "new emails")
                let claims = try contract.kept.dump().claims.filter { $0.contains("p\(count)x") }
                try contract.expect(claims.count, 2 * count, "claims")
                try contract.expect(
                    claims.allSatisfy { $0.split(separator: " ")[1].split(separator: "@")[0] == $0.split(separator: " ")[2].lowercased() },
                    "a claim of another", claims)
                try contract.expect(try contract.pass().changes, [], "something is left to do")
                contract.people = []
                _ = try contract.pass()
            }
        },
        Case("who wants the name of somebody who waits waits too, all the way up the chain") { contract in
            contract.people = ["a", "b", "c", "d", "e"].map { person($0) }
            _ = try contract.pass()
            try contract.kept.addUser("loc", email: nil, status: .active, role: .none)
            // a → b → c → d → loc, which a local user keeps; e goes its own way.
            for (name, next) in [("a", "b"), ("b", "c"), ("c", "d"), ("d", "loc"), ("e", "f")] { contract.change(name, "uid", [next]) }
            let before = try contract.kept.dump()
            let pass = try contract.pass()
            try contract.expect(pass.changes, ["rename e"], "the changes")
            try contract.expect(
                pass.remarks,
                ["conflict username_blocked a", "conflict username_blocked b", "conflict username_blocked c", "conflict username_taken d"],
                "the remarks")
            let after = try contract.kept.dump()
            for name in ["a", "b", "c", "d", "loc"] as [Text] { try contract.expect(after.users[name], before.users[name], "\(name)") }
            contract.change("d", "uid", ["g"])
            let freed = try contract.pass()
            try contract.expect(freed.remarks, [], "the remarks once the chain is free")
            try contract.expect(freed.changes, ["rename a", "rename b", "rename c", "rename d"], "the changes once the chain is free")
        },
        Case("a ring that one of them breaks waits, and nobody is lost") { contract in
            contract.people = ["a", "b", "c"].map { person($0) }
            _ = try contract.pass()
            contract.rules.protection.users = [FoldedKey("root")]
            for (name, next) in [("a", "b"), ("b", "c"), ("c", "root")] { contract.change(name, "uid", [next]) }
            let pass = try contract.pass()
            try contract.expect(pass.changes, [], "the changes")
            try contract.expect(Set(try contract.kept.dump().users.keys), ["a", "b", "c"], "the users")
            try contract.expect(pass.remarks.last, "conflict protected_name c", "the remarks")
        },
        Case("a disputed email withholds the email alone") { contract in
            contract.people = [person("ann", ["mail": ["one@x"]]), person("bob", ["mail": ["One@x"]]), person("cyd")]
            let pass = try contract.pass()
            try contract.expect(pass.changes, ["create ann", "create bob", "create cyd"], "the changes")
            try contract.expect(pass.remarks, ["conflict email_disputed ann", "conflict email_disputed bob"], "the remarks")
            try contract.expect(try contract.kept.dump().claims, ["1 ann ann", "1 bob bob", "1 cyd cyd", "2 cyd@x cyd"], "claims")
            contract.change("bob", "mail", ["bob@x"])
            try contract.expect(try contract.pass().changes, ["update ann", "update bob"], "the changes once it is settled")
        },
        Case("two newcomers on one username both wait, and say so until one gives way") { contract in
            contract.people = [person("ann", ["uid": ["same"]]), person("bob", ["uid": ["SAME"]])]
            for _ in 0..<2 {
                let pass = try contract.pass()
                try contract.expect(pass.changes, [], "the changes")
                try contract.expect(pass.remarks, ["conflict username_disputed same", "conflict username_disputed SAME"], "the remarks")
            }
            contract.change("bob", "uid", ["bob"])
            try contract.expect(try contract.pass().changes, ["create same", "create bob"], "the changes once one gives way")
        },
        Case("a name that is given up goes to a newcomer in the same run") { contract in
            contract.people = [person("ann")]
            _ = try contract.pass()
            contract.change("ann", "uid", ["anna"])
            contract.change("ann", "mail", [])
            contract.people.append(person("new", ["uid": ["ann"], "mail": ["ann@x"]]))
            let pass = try contract.pass()
            try contract.expect(pass.changes, ["rename ann", "update ann", "create ann"], "the changes")
            try contract.expect(try contract.kept.dump().claims, ["1 ann ann", "1 anna anna", "2 ann@x ann"], "claims")
        },
    ]
}
