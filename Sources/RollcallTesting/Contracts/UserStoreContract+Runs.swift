internal import RollcallCore

/// What a session does: lock, basis, one transaction, and nothing in a dry run.
extension UserStoreContract {
    static let runCases = [
        Case("a missing store and an empty one are the same basis") { contract in
            let missing = try contract.begin(.dryRun).session
            defer { missing.close() }
            try contract.kept.make()
            let empty = try contract.begin(.dryRun).session
            defer { empty.close() }
            var basis = missing.basis
            try contract.expect(!basis.exists, "a missing store says that it exists")
            basis.exists = true
            try contract.expect(basis.origin, PlanOrigin(store: nil, run: 0), "the origin of no store")
            try contract.expect(empty.basis.origin.store != nil && empty.basis.origin.run == 0, true, "the origin of an empty store")
            basis.origin = empty.basis.origin
            try contract.expect(basis, empty.basis, "the bases differ")
        },
        Case("what was applied is read back, and planned again there is nothing to do") { contract in
            contract.people = [person("ann", ["cn": ["Ann"], "ou": ["7"]]), person("bob", ["employeeType": ["ended"]])]
            let first = try contract.pass()
            try contract.expect(first.changes, ["create ann", "create bob"], "the first plan")
            let dump = try contract.kept.dump()
            try contract.expect(
                dump.users["ann"]?.contains("ann|ann@x|") == true && dump.users["ann"]?.contains("|Ann|") == true, "ann", dump)
            try contract.expect(
                dump.users["ann"]?.contains("department") == true && dump.users["ann"]?.contains("|active|") == true, "ann", dump)
            try contract.expect(dump.users["bob"]?.contains("|inactive|") == true, "bob", dump)
            try contract.expect(dump.claims, ["1 ann ann", "1 bob bob", "2 ann@x ann", "2 bob@x bob"], "claims")
            try contract.expect(dump.links, ["id-ann ann", "id-bob bob"], "links")
            for _ in 0..<2 {
                let again = try contract.pass()
                try contract.expect(again.rows.isEmpty && again.totals.summary.unchanged == 2, "something is left to do", again.changes)
                try contract.expect(try contract.kept.dump(), dump, "a run with nothing to do changed something")
                contract.skipsNothing = true
            }
        },
        Case("there is one applier at a time, and the loser hears who holds the lock") { contract in
            let first = try contract.begin(.apply).session
            defer { first.close() }
            do {
                try contract.begin(.apply).session.close()
                throw ContractFailure("two appliers at once")
            } catch let error as StoreError {
                try contract.expect(error.code, .locked, "the error")
                try contract.expect("\(error)".contains("contract"), "the error does not name the holder", error)
            }
            try contract.begin(.dryRun).session.close()
            first.close()
            first.close()
            try contract.begin(.apply).session.close()
        },
        Case("a write by somebody else between plan and application is noticed, and nothing is applied") { contract in
            contract.people = [person("ann")]
            _ = try contract.pass()
            contract.people.append(person("bob"))
            let (session, _) = try contract.begin(.apply)
            defer { session.close() }
            _ = try session.plan(Planner(rules: contract.rules, at: Instant(unixSeconds: contract.time)), approval: .everything)
            try contract.kept.set("ann", status: .inactive)
            let before = try contract.kept.dump()
            do {
                _ = try session.apply(contract.record(.apply, .applied))
                throw ContractFailure("applied although the store moved")
            } catch let error as StoreError {
                try contract.expect(error.code, .moved, "the error")
            }
            try contract.expect(try contract.kept.dump(), before, "something was changed")
        },
        Case("a dry run leaves no trace, and a kept one only its record") { contract in
            contract.people = [person("ann")]
            _ = try contract.pass()
            let (before, rows) = (try contract.kept.dump(), try contract.kept.newestRows())
            contract.people = [person("bob")]
            let dry = try contract.pass(.dryRun)
            try contract.expect(dry.changes, ["deactivate ann", "create bob"], "the dry run")
            try contract.expect(try contract.kept.newestRows(), rows, "the dry run kept rows")
            try contract.expect(try contract.kept.dump(), before, "the dry run changed something")
            let held = try contract.pass(applies: false)
            try contract.expect(try contract.kept.dump(), before, "a held run changed something")
            try contract.expect(try contract.kept.newestRows(), held.rows, "the held run was not kept")
            try contract.expect(try contract.pass(.dryRun).changes, dry.changes, "the plan changed by being kept")
        },
        Case("the rows of a run are those that were committed") { contract in
            contract.people = [person("ann"), person("bob", ["uid": []])]
            let first = try contract.pass()
            try contract.expect(try contract.kept.newestRows(), first.rows, "the rows differ")
            try contract.expect(first.remarks, ["conflict no_username uid=bob,ou=people"], "the remarks")
            try contract.expect(first.rows.allSatisfy { $0.remarks.allSatisfy(\.isNew) }, "a remark is not new")
            let second = try contract.pass()
            try contract.expect(second.rows.allSatisfy { $0.remarks.allSatisfy { !$0.isNew } }, "a remark is new again")
        },
        Case("the audit log is a chain, and a changed event shows") { contract in
            contract.people = [person("ann"), person("bob")]
            let first = try contract.pass()
            contract.people.removeLast()
            let second = try contract.pass()
            try contract.expect(Int(first.head.count), first.rows.count + 1, "events of the first run")
            try contract.expect(Int(second.head.count), first.rows.count + second.rows.count + 2, "events of both runs")
            try contract.expect(try contract.kept.isAuditWhole(), "the chain is broken")
            try contract.kept.tamperWithAudit()
            try contract.expect(try !contract.kept.isAuditWhole(), "the intruder was not noticed")
        },
        Case("an entry twice is one entry; with different content the reading contradicts itself") { contract in
            contract.people = [person("ann"), person("ann")]
            try contract.expect(try contract.pass().changes, ["create ann"], "the first plan")
            for isNew in [false, true] {
                contract.people =
                    isNew ? [person("bob"), person("ann"), person("bob", ["cn": ["x"]])] : [person("ann"), person("ann", ["cn": ["x"]])]
                do {
                    _ = try contract.pass()
                    throw ContractFailure("a contradiction went through")
                } catch let error as StoreError {
                    try contract.expect(error.code, .contradictory, "the error")
                }
            }
            contract.people = [person("ann"), person("ann")]
            try contract.expect(try contract.pass().rows.isEmpty, "ann twice is a change")
        },
        Case("how many entries have each attribute is carried from run to run") { contract in
            contract.people = ["ann", "bob", "cyd"].map { person($0, ["cn": [$0]]) }
            contract.people.append(contract.people[0])
            _ = try contract.pass()
            contract.people = [person("ann", ["cn": ["ann"]]), person("bob"), person("dan")]
            for _ in 0..<2 {
                let losses = try contract.pass(.dryRun).totals.attributeLosses
                let names = losses.first { $0.attribute == "cn" }
                try contract.expect(names?.had == 2 && names?.lost == 1, "of ann and bob, who had a name, bob lost it", losses)
                let mails = losses.first { $0.attribute == "mail" }
                try contract.expect(mails?.had == 2 && mails?.lost == 0, "nobody lost an email", losses)
                contract.skipsNothing = true
            }
        },
    ]
}
