import RollcallCore
import RollcallReport

extension ReportFixture {
    /// Nothing to do.
    static func empty() throws -> ReportFixture {
        try ReportFixture(.inSync, mode: .apply, unchanged: 100_000)
    }

    /// An ordinary day: joiners, movers, leavers, one privileged grant that waits.
    static func nominal() throws -> ReportFixture {
        let admins: Text = "cn=console-admins,ou=groups,dc=example,dc=com"
        let rows = [
            person(
                "alice",
                [
                    .creation("alice", email: "alice@example.com", displayName: "Alice Adams"),
                    .grant("Administrators", path: [admins, "cn=ops,ou=groups,dc=example,dc=com"], heldBy: .privilegedGrant),
                    .grant("Team billing", path: ["cn=app-billing,ou=groups,dc=example,dc=com"]),
                ]),
            person(
                "bob", id: 12,
                [
                    .test(
                        .update,
                        [
                            FieldChange(.email, before: "bob@example.com", after: "bob.b@example.com"),
                            FieldChange(.displayName, before: nil, after: "Bob Brown"),
                            FieldChange(.extra("department"), before: "Sales", after: nil),
                        ], reason: .changedUpstream)
                ]),
            person(
                "carol", id: 13,
                [
                    .deactivation(
                        .left(.status(.matching([StatusReason.Rule(2, "(nsAccountLock=TRUE)")])), Reason.Ending(groups: ["Team billing"])),
                        rule: .status(2))
                ]),
            person("dave", id: 14, [.deactivation(.left(.gone, Reason.Ending()))]),
            person(
                "erin", id: 15,
                [
                    .test(
                        .reactivate, [FieldChange(.status, before: "inactive", after: "active")], rule: .noStatusRule,
                        reason: .activeAgain(Reason.Return())),
                    .grant("Team billing", path: ["cn=app-billing,ou=groups,dc=example,dc=com"]),
                ]),
            person(
                "frank", id: 16,
                [
                    .test(.rename, [FieldChange(.username, before: "frank", after: "franklin")], reason: .renamedUpstream),
                    .test(.revoke, group: "Team web", rule: .groups, reason: .noLongerMember),
                ]),
            person(
                "grace",
                remarks: [
                    Remark(.claim(Remark.Claim(.username, "grace", .taken(by: "grace", isLinked: false), .noAccount)))
                ]),
            person(
                "heidi", id: 18,
                remarks: [
                    Remark(.statusUndecided(.unknown(StatusReason.Rule(1, "(userAccountControl:1.2.840.113556.1.4.803:=2)")), .active))
                ]),
            person("ivan", id: 19, remarks: [Remark(.heldHere)]),
            person(
                "judy", id: 20,
                remarks: [
                    Remark(.usernameKept("judith"), isNew: false)
                ]),
            person(
                "breakglass", id: 1,
                remarks: [
                    Remark(.protected(.deactivate, group: nil, .left(.gone, Reason.Ending())))
                ]),
        ]
        var fixture = try ReportFixture(.pending, rows: rows, unchanged: 99_988)
        fixture.record.summary.ignored = 12
        fixture.record.summary.unmappedGroups = 4_310
        fixture.record.guards = [
            GuardResult(
                .deactivations, reach: .plan, limit: .limit(GuardLimits().deactivations), observed: 2, whole: 99_990, verdict: .passed),
            GuardResult(
                .privilegedGrant, reach: .changes, limit: .each, observed: 1, verdict: .held, .each(1)),
        ]
        fixture.context.warnings = [Remark(.ofRun("group rule 3 meets no upstream group: cn=retired,ou=groups"))]
        return fixture
    }

    /// A filter lost half of the directory; the whole plan waits.
    static func held() throws -> ReportFixture {
        var rows = (0..<60).map { index in
            let number = String(index + 1_000).dropFirst()
            return person(
                Text("user\(number)"), id: Int64(index), [.deactivation(.left(.notLookedUp, Reason.Ending()))])
        }
        rows.append(person("zoe", id: 900, [.grant("Administrators", path: ["cn=console-admins"], heldBy: .privilegedGrant)]))
        var fixture = try ReportFixture(.held, mode: .apply, rows: rows, unchanged: 59)
        fixture.record.source.proof = ReadProof(server: "ldaps://dc1.example.com", users: 60, groups: 12, rejected: 1, pages: 1, result: 0)
        fixture.record.guards = [
            GuardResult(
                .privilegedGrant, reach: .changes, limit: .each, observed: 1, verdict: .held, .each(1)),
            GuardResult(
                .deactivations, reach: .plan, limit: .limit(GuardLimits().deactivations), observed: 60, whole: 120,
                window: Span(seconds: 86_400), verdict: .held, .exceeded(earlier: 4)),
            GuardResult(
                .shrink, reach: .plan, limit: .limit(GuardLimits().shrink), observed: 60, whole: 120, verdict: .held, .usersMissing),
        ]
        fixture.context.auditHead = String(repeating: "5e", count: 32)
        fixture.context.auditCount = 1_204
        fixture.context.hints = CommandHints(configPath: "/etc/rollcall/head office.yaml")
        return fixture
    }

    /// The only administrator leaves, a successor waits for approval, and two people want one name.
    static func lastHolder() throws -> ReportFixture {
        let disputed = Remark(.claim(Remark.Claim(.username, "mlee", .disputed(with: ["mlee"]), .noAccount)))
        let rows = [
            person(
                "bdahl", id: 2,
                [
                    .test(
                        .deactivate, [FieldChange(.status, before: "active", after: "inactive")], rule: .absent,
                        reason: .left(.gone, Reason.Ending(groups: ["Administrators"])), heldBy: .lastHolder)
                ]),
            person("igarcia", id: 3, [.grant("Administrators", path: ["console-admins", "ops"], heldBy: .privilegedGrant)]),
            person("mlee", anchor: "5f1c5cbc-0001", remarks: [disputed]), person("mlee", anchor: "5f1c5cbc-0002", remarks: [disputed]),
            person(
                "nroy", id: 9,
                remarks: [Remark(.claim(Remark.Claim(.email, "n@example.com", .taken(by: "nreed", isLinked: true), .noEmail)))]),
        ]
        var fixture = try ReportFixture(.held, mode: .apply, rows: rows, unchanged: 35)
        fixture.record.started = fixture.record.started.adding(microseconds: 123_456)
        fixture.record.reason = "every change waits for a person"
        fixture.record.guards = [
            GuardResult(
                .privilegedGrant, reach: .changes, limit: .each, observed: 1, verdict: .held, .each(1)),
            GuardResult(
                .lastHolder, reach: .changes, limit: .atLeastOne, observed: 1, whole: 1, verdict: .held,
                .lastHolder(of: "Administrators")),
        ]
        return fixture
    }

    /// Values that would act on a terminal, a spreadsheet or a browser.
    static func hostile() throws -> ReportFixture {
        let long = Text(String(repeating: "very long ", count: 100))
        let rows = [
            person("\u{1B}[2Jmallory", anchor: "m1", [.creation("\u{1B}[2Jmallory", displayName: "\u{1B}]0;owned\u{07}Mallory\u{9B}31m")]),
            person(
                "eve", id: 2, anchor: "m2",
                [
                    .test(
                        .update,
                        [
                            FieldChange(.givenName, before: "Eve", after: "=HYPERLINK(\"http://evil.example\",\"click\")"),
                            FieldChange(.familyName, before: "", after: "<script>alert(1)</script>"),
                            FieldChange(.displayName, before: "Eve", after: long),
                            FieldChange(.extra("note\n"), before: "one\r\nApplied: 0 changes made.", after: "back\\slash \"quoted\""),
                        ], reason: .changedUpstream)
                ]),
            person(
                "trent\u{202E}gnp.exe", id: 3, anchor: "m3",
                [.deactivation(.left(.leftScope("cn=trent\n\u{2028}\u{2029},ou=x"), Reason.Ending()))]),
            person(
                "Zoë 渡辺 👩‍👩‍👧", id: 4, anchor: "m4",
                [
                    .grant("Team \u{200B}zero", path: ["cn=a\u{1B}[1A", "cn=b\u{2066}"])
                ]),
            PlanRow(
                anchor: Anchor([0x00, 0xFF, 0x1B, 0x5B]), userID: nil, label: "cn=broken\tentry",
                remarks: [
                    Remark(.unusable("\u{1B}[31mred\u{0}")),
                    Remark(.legacy(Remark.Legacy(.conflict, "unusable", "of \u{1B}[31mold\u{0}", advice: "correct it\u{7F} upstream"))),
                ]),
        ]
        var fixture = try ReportFixture(.applied, mode: .apply, rows: rows)
        fixture.record.actor = "ro\u{1B}ot"
        fixture.record.source.proof?.server = "ldaps://dc1\u{1B}[5m.example.com"
        return fixture
    }

    /// The connection was lost half-way.
    static func incomplete() throws -> ReportFixture {
        var fixture = try ReportFixture(.incomplete, mode: .apply)
        fixture.record.source.proof = nil
        fixture.record.reason =
            "ldaps://dc1.example.com: the connection was lost after 40 pages; try again, or name a second server in source.url"
        return fixture
    }
}
