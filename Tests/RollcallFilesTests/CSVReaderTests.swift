import RollcallCore
import Testing

@testable import RollcallFiles

@Suite("Reading CSV")
struct CSVReaderTests {
    private static let one = [KeptRecord(dn: "", attributes: ["uid": ["anna"], "cn": ["Anna"]])]

    /// Text and the records it holds.
    static let tables: [(text: String, records: [KeptRecord])] = [
        ("uid,cn\nanna,Anna\n", one),
        ("uid,cn\r\nanna,Anna\r\n", one),
        ("uid,cn\ranna,Anna\r", one),
        ("uid,cn\nanna,Anna", one),
        ("uid;cn\nanna;Anna\n", one),
        ("uid\tcn\nanna\tAnna\n", one),
        ("\"uid\",\"cn\"\n\"anna\",\"Anna\"", one),
        ("UID,CN,unread\nanna,Anna,x\n", one),
        ("\n\nuid,cn\n\nanna,Anna\n\n\n", one),
        ("uid\nanna\n", [KeptRecord(dn: "", attributes: ["uid": ["anna"]])]),
        ("uid,cn\n", []),
        ("uid,cn", []),
        ("uid,cn\n,\n", [KeptRecord(dn: "", attributes: [:])]),
        ("uid,cn\n\"\",\"\"", [KeptRecord(dn: "", attributes: [:])]),
        ("uid,cn,uid\na,Anna,b\n", [KeptRecord(dn: "", attributes: ["uid": ["a", "b"], "cn": ["Anna"]])]),
        ("dn,uid\n\"uid=anna,ou=people\",anna\n", [KeptRecord(dn: "uid=anna,ou=people", attributes: ["uid": ["anna"]])]),
        ("uid,cn\na,\"x, \"\"y\"\"\nz\"\n", [KeptRecord(dn: "", attributes: ["uid": ["a"], "cn": ["x, \"y\"\nz"]])]),
        ("uid,cn\na,\"x\r\ny\"\r\n", [KeptRecord(dn: "", attributes: ["uid": ["a"], "cn": ["x\r\ny"]])]),
        ("uid;cn\na; b,c \n", [KeptRecord(dn: "", attributes: ["uid": ["a"], "cn": [" b,c "]])]),
        ("uid,cn\na,Ström\n", [KeptRecord(dn: "", attributes: ["uid": ["a"], "cn": ["Ström"]])]),
        ("uid,cn\na,\"\"\"\"\n", [KeptRecord(dn: "", attributes: ["uid": ["a"], "cn": ["\""]])]),
    ]

    @Test("Rows are records, whatever separates cells and ends lines, and wherever the chunks end", arguments: tables)
    func rows(_ text: String, _ records: [KeptRecord]) throws {
        for pieces in [[Int.max], [1], [2], [3], [5], [1, 7], [11, 2, 1]] {
            #expect(try RecordKeeper.read(Array(text.utf8), .csv, names: ["uid", "cn"], pieces: pieces) == records, "pieces \(pieces)")
        }
    }

    /// Text, the line of the error and a word of its message.
    static let malformed: [(text: String, line: Int, word: String)] = [
        ("", 1, "no header"),
        ("\n\r\n", 1, "no header"),
        ("uid,cn\nanna\n", 2, "1 of the header's 2"),
        ("uid,cn\nanna,Anna\nbo", 3, "1 of the header's 2"),
        ("uid,cn\nanna,Anna,x\n", 2, "more cells than the header's 2"),
        ("uid,cn\n\"a\nb\",x\n\"c\n\nd\"\n", 4, "1 of the header's 2"),
        ("uid,cn\r\n\"a\r\nb\",x\r\nc\r\n", 4, "1 of the header's 2"),
        ("uid,first name\na,b\n", 1, "column 2, \"first name\""),
        ("uid,,cn\n", 1, "column 2 has no name"),
        ("uid,cn,\n", 1, "column 3 has no name"),
        ("dn,uid,DN\n", 1, "more than one column dn"),
        ("uid,cn\nanna,\"Anna", 2, "never closed"),
        ("uid,cn\nx,y\nanna,\"An\n\nna\n", 3, "never closed"),
        ("uid,\"cn", 1, "never closed"),
        ("uid,cn\nanna,An\"na\n", 2, "a quote inside"),
        ("uid,cn\nanna,\"An\"na\n", 2, "after the closing quote"),
    ]

    @Test("A table that does not fit its header is refused, with its line", arguments: malformed)
    func refusals(_ text: String, _ line: Int, _ word: String) {
        for pieces in [[Int.max], [1], [3]] {
            let error = #expect(throws: SourceError.self) {
                try RecordKeeper.read(Array(text.utf8), .csv, names: ["uid", "cn"], pieces: pieces)
            }
            #expect(error?.code == .malformed)
            #expect(error?.subject == "people.csv:\(line)")
            #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
        }
    }

    @Test("Users and groups are read by the same filters, and a name of the file stands in for a missing dn")
    func entries() async throws {
        let text =
            "kind,entryUUID,uid,mail,cn,member,member\nperson,a-1,anna,anna@x,,,\nperson,,bo,,,,\n"
            + "group,g-1,,,staff,anna,bo\nroom,r,,,,,\n"
        let file = TemporaryFile(text, name: "people.csv")
        let delivery = try await Fixture.read(try Fixture.directory(file.path, .csv, users: "(kind=person)", groups: "(kind=group)"))
        #expect(delivery.users.map(\.anchor) == [Anchor("a-1".utf8)])
        #expect(delivery.groups.map(\.members.count) == [2])
        #expect(delivery.rejected.map(\.subject.string) == [file.path + ":3"])
        var proof = ReadProof(server: file.path, users: 1, groups: 1, rejected: 1, pages: 1, result: 0)
        proof.timeMarks.newestChange = file.written
        #expect(delivery.proof == proof)
    }

    @Test("A table without a column for the anchor is refused at its header")
    func missingAnchor() async {
        await #expect(throws: SourceError.self) { try await Fixture.read("uid,mail\nanna,a@x\n", .csv) }
    }
}
