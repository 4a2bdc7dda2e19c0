import Testing

@testable import RollcallCore

@Suite("A command that is printed")
struct AdviceQuotingTests {
    private let hostile: Text = "$(touch /tmp/x)`id`'; rm -rf ~ #"

    /// What a shell would read outside single quotes.
    private func unquoted(_ advice: String) -> String {
        var outside = ""
        var isQuoted = false
        var isEscaped = false
        for character in advice {
            if isEscaped {
                isEscaped = false
            } else if !isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "'" {
                isQuoted.toggle()
            } else if !isQuoted {
                outside.append(character)
            }
        }
        return outside
    }

    /// - Returns: the remark's code, if it has a command; else nothing.
    private func expectQuoted(_ remark: Remark?) -> [String] {
        guard let remark, remark.advice.contains("rollcall ") else { return [] }
        #expect(!unquoted(remark.advice).contains("touch"), "\(remark.code): \(remark.advice)")
        return [remark.code]
    }

    @Test("has every name in quotes: about claims")
    func claims() {
        var quoted: Set<String> = []
        for isLinked in [true, false] {
            let holder = ClaimHolder(userID: 1, username: hostile, isLinked: isLinked)
            let verdicts: [ClaimVerdict] = [
                .taken(by: holder), .recycled(from: holder), .blocked(by: holder), .disputed(with: [hostile]), .granted, .waiting,
            ]
            for verdict in verdicts {
                for newcomer in [nil, Anchor(hostile.utf8)] {
                    for field in [UserField.username, .email] {
                        quoted.formUnion(expectQuoted(hostile.claimRemark(field, verdict: verdict, kept: nil, newcomer: newcomer)))
                        quoted.formUnion(
                            expectQuoted(hostile.claimRemark(field, verdict: verdict, kept: hostile, newcomer: newcomer, isReturning: true))
                        )
                    }
                }
            }
        }
        let kinds = ["taken", "recycled", "blocked"]
        #expect(quoted == Set(kinds.flatMap { ["username_\($0)", "email_\($0)"] }))
    }

    @Test("has every name in quotes: about each pair that a plan remarks on")
    func pairs() throws {
        var seen: Set<String> = []
        var quoted: Set<String> = []
        let mapping = AttributeMapping(
            anchor: AttributeName(known: "entryUUID"), username: FieldSource([.attribute(AttributeName(known: "uid"))]))
        for policy in [Policy.full, .noRemovals] {
            for username in [Lifecycle.UsernameRule.keep, .rename] {
                var rules = RuleSettings(attributes: mapping)
                rules.policy = policy
                rules.lifecycle.username = username
                rules.protection.users = [FoldedKey("root")]
                rules.groups = []
                let evaluator = Evaluator(rules: rules)
                for status in UserStatus.allCases {
                    for isHeld in [true, false] {
                        for isProtected in [true, false] {
                            for side in sides(evaluator) {
                                var user = LocalUser(id: 1, username: hostile, status: status)
                                user.isHeld = isHeld
                                let planner = Planner(
                                    rules: rules, at: Instant(unixSeconds: 1_794_000_000), protecting: isProtected ? [1] : [])
                                var pair = Pair(anchor: Anchor(hostile.utf8), dn: hostile, side: side)
                                pair.user = user
                                pair.grants = [Grant(group: "Team", isPrivileged: true, origin: .source)]
                                for remark in planner.decision(for: pair).row.remarks {
                                    seen.insert(remark.code)
                                    quoted.formUnion(expectQuoted(remark))
                                }
                                pair.user = nil
                                pair.isTombstoned = isHeld
                                for remark in planner.decision(for: pair).row.remarks {
                                    seen.insert(remark.code)
                                    quoted.formUnion(expectQuoted(remark))
                                }
                            }
                        }
                    }
                }
            }
        }
        #expect(
            seen.isSuperset(of: ["protected", "held_here", "policy", "deleted_here", "username", "protected_name", "purged_here"]),
            "\(seen.sorted())")
        #expect(quoted.isSuperset(of: ["held_here"]), "\(quoted.sorted())")
    }

    /// What upstream may say of one entry.
    private func sides(_ evaluator: Evaluator) -> [UpstreamSide] {
        let names: [[String]] = [[], ["root"], ["another"], [hostile.string]]
        let present = names.map { values -> UpstreamSide in
            var builder = EntryBuilder(layout: evaluator.layout)
            builder.begin(dn: hostile.utf8)
            for value in values { builder.append(Array(value.utf8), inSlot: evaluator.layout.slot(of: AttributeName(known: "uid")) ?? -1) }
            return .present(evaluator.desiredUser(for: builder.finish(), at: Instant(unixSeconds: 1_794_000_000)))
        }
        return present + [.absent(.gone), .absent(.leftScope(dn: hostile)), .absent(.unconfirmed("why")), .rejected("why")]
    }
}
