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
