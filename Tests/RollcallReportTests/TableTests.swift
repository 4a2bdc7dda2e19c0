import RollcallCore
import RollcallReport
import Testing

@Suite("Lists are aligned for people and typed for programs")
struct TableTests {
    private let table = Table(
        schema: "rollcall.users/1", name: "users",
        columns: [
            Table.Column("username", title: "USER"), Table.Column("grants", title: "GRANTS", isRightAligned: true),
            Table.Column("linked", title: "LINKED"), Table.Column("email", title: "EMAIL"),
        ],
        emptyText: "No users.")

    @Test("text: columns are aligned and values escaped")
    func text() throws {
        let text = try rendered { output in
            try table.writeText(
                { body in
                    _ = body([.text("alice"), .number(1_200), .flag(true), .text("alice@example.com")])
                    _ = body([.text("渡辺\u{1B}"), .number(3), .flag(false), .none])
                }, to: &output)
        }
        #expect(
            text == """
                USER        GRANTS  LINKED  EMAIL
                alice        1,200  yes     alice@example.com
                渡辺\\u{1B}       3  no      -

                """)
    }

    @Test("text: no line ends in blanks")
    func blanks() throws {
        let text = try rendered { try table.writeText({ _ = $0([.text("alice"), .number(1), .flag(true), .string("")]) }, to: &$0) }
        #expect(text.split(separator: "\n").last == "alice       1  yes")
    }

    @Test("text: nothing to list is said")
    func empty() throws {
        #expect(try rendered { try table.writeText({ _ in }, to: &$0) } == "No users.\n")
    }

    @Test("text: a long list streams, aligned by its beginning")
    func long() throws {
        let text = try rendered { output in
            try table.writeText(
                { body in
                    for index in 0..<3_000 where !body([.string("u\(index)"), .number(index), .flag(true), .none]) { return }
                }, to: &output)
        }
        let lines = text.split(separator: "\n")
        #expect(lines.count == 3_001)
        #expect(lines.last == "u2999   2,999  yes     -")
    }

    @Test("a time is shown to the second, and told to programs in full")
    func times() throws {
        let table = Table(schema: "rollcall.x/1", name: "x", columns: [Table.Column("at", title: "AT")], emptyText: "")
        let time = Instant(microseconds: 1_795_286_700_250_000)
        let text = try rendered { try table.writeText({ _ = $0([.time(time)]) }, to: &$0) }
        let json = try rendered { try table.writeJSON({ _ = $0([.time(time)]) }, to: &$0) }
        #expect(text == "AT\n2026-11-21T18:45:00Z\n")
        #expect(json.contains("{\"at\": \"\(time)\"}") && json.contains("18:45:00.25"))
    }

    @Test("JSON: typed values, one row a line")
    func json() throws {
        let json = try rendered { output in
            try table.writeJSON({ body in _ = body([.text("a\"b"), .number(3), .flag(false), .none]) }, to: &output)
        }
        #expect(
            json == """
                {
                  "schema": "rollcall.users/1",
                  "users": [
                    {"username": "a\\"b", "grants": 3, "linked": false, "email": null}
                  ]
                }

                """)
    }
}
