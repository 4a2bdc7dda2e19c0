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
    private func expectQuoted(_ remark: Remark, of row: PlanRow) -> [String] {
        let advice = remark.advice(of: row)
        guard advice.contains("rollcall ") else { return [] }
        #expect(!unquoted(advice).contains("touch"), "\(remark.code): \(advice)")
        return [remark.code]
    }

    @Test("has every name in quotes: about claims")
    func claims() {
        var quoted: Set<String> = []
        let row = PlanRow(anchor: Anchor(hostile.utf8), userID: nil, label: hostile)
        let obstacles: [Remark.Claim.Obstacle] = [
            .taken(by: hostile, isLinked: true), .taken(by: hostile, isLinked: false), .recycled(from: hostile), .blocked(by: hostile),
            .disputed(with: [hostile]),
        ]
        for obstacle in obstacles {
            for outcome in [Remark.Claim.Outcome.noAccount, .noEmail, .staysDeleted, .keeps(hostile)] {
                for kind in ClaimKind.allCases {
                    quoted.formUnion(expectQuoted(Remark(.claim(Remark.Claim(kind, hostile, obstacle, outcome))), of: row))
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
                                let row = planner.decision(for: pair).row
                                for remark in row.remarks {
                                    seen.insert(remark.code)
                                    quoted.formUnion(expectQuoted(remark, of: row))
                                }
                                pair.user = nil
                                pair.isTombstoned = isHeld
                                let alone = planner.decision(for: pair).row
                                for remark in alone.remarks {
                                    seen.insert(remark.code)
                                    quoted.formUnion(expectQuoted(remark, of: alone))
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
