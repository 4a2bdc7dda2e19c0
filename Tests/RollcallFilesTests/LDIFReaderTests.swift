import RollcallCore
import Testing

@testable import RollcallFiles

@Suite("Reading LDIF")
struct LDIFReaderTests {
    @Test("Content records are read as the vectors of other parsers say", arguments: LDIFVector.all)
    func vectors(_ vector: LDIFVector) throws {
        #expect(try RecordKeeper.read(Array(vector.text.utf8), .ldif, names: vector.attributeNames) == vector.records)
    }

    @Test("Where the chunks end makes no difference", arguments: LDIFVector.all)
    func chunks(_ vector: LDIFVector) throws {
        var random = SeededGenerator(seed: 20)
        let plain = Array(vector.text.utf8)
        let returned = Array(vector.text.replacingLineFeeds(with: "\r\n").utf8)
        let names = vector.attributeNames
        for pieces in (1...9).map({ [$0] }) + (0..<20).map({ _ in (0..<7).map { _ in Int.random(in: 1...40, using: &random) } }) {
            #expect(try RecordKeeper.read(plain, .ldif, names: names, pieces: pieces) == vector.records, "pieces \(pieces)")
            #expect(try RecordKeeper.read(returned, .ldif, names: names, pieces: pieces) == vector.records, "CRLF, pieces \(pieces)")
        }
    }

    @Test("A folded line loses one space or tab, and only that")
    func folding() throws {
        let text = "dn: cn=a\n ,dc=b\ncn: one\n  two\n\tthree\n# note\n  that goes on\n\tand on\nsn:: QWJj\n \nmail:\n  x\n"
        #expect(
            try RecordKeeper.read(Array(text.utf8), .ldif, names: ["cn", "sn", "mail"]) == [
                KeptRecord(dn: "cn=a,dc=b", attributes: ["cn": ["one twothree"], "sn": ["Abc"], "mail": ["x"]])
            ])
    }

    @Test("Names are told apart without regard to case and to the order of options, but options count")
    func names() throws {
        let text = "DN: cn=a\nCN: 1\ncn;lang-en: 2\ncN;x-b;Lang-EN: 3\nCn;LANG-en;X-B: 4\ncommonName: 5\n"
        #expect(
            try RecordKeeper.read(Array(text.utf8), .ldif, names: ["cn", "cn;lang-en", "cn;lang-en;x-b"]) == [
                KeptRecord(dn: "cn=a", attributes: ["cn": ["1"], "cn;lang-en": ["2"], "cn;lang-en;x-b": ["3", "4"]])
            ])
    }

    @Test("More spellings of names than the table holds are still all found")
    func manyNames() throws {
        var text = "dn: cn=a\n"
        for index in 0..<2000 { text += "attribute\(index): \(index)\ncn: \(index)\n" }
        let read = try RecordKeeper.read(Array(text.utf8), .ldif, names: ["cn", "attribute1999"])
        #expect(read.first?.attributes["cn"] == (0..<2000).map(String.init))
        #expect(read.first?.attributes["attribute1999"] == ["1999"])
    }

    @Test("A bare CR ends a line, and a CRLF ends one line and not two")
    func lineEnds() throws {
        let expected = [KeptRecord(dn: "cn=a", attributes: ["sn": ["x"]]), KeptRecord(dn: "cn=b", attributes: ["sn": ["y"]])]
        for end in ["\n", "\r\n", "\r"] {
            let text = "dn: cn=a\nsn: x\n\ndn: cn=b\nsn: y".replacingLineFeeds(with: end)
            for size in 1...8 {
                #expect(try RecordKeeper.read(Array(text.utf8), .ldif, names: ["sn"], pieces: [size]) == expected)
            }
        }
    }

    /// Text, the line of the error and a word of its message.
    static let malformed: [(text: String, line: Int, word: String)] = [
        ("objectclass: top\ncn: Some User\n", 1, "without a dn"),
        ("dn: cn=a\ncn: a\n\n\ncn: b\n", 5, "without a dn"),
        ("# extended LDIF\n\ndn: cn=a\ncn: a\n\n# search result\nsearch: 2\nresult: 0 Success\n", 7, "without a dn"),
        ("dn: cn=a\ncn\n", 2, "without a colon"),
        ("dn: cn=a\ncn: b\n-\n", 3, "without a colon"),
        ("<html>\n", 1, "without a colon"),
        ("dn: cn=a\nsn: x\nma", 3, "ends inside an attribute name"),
        ("dn: cn=a\nsn: x\n\ndn: cn=b,ou=peo", 4, "right after the name"),
        ("dn: cn=a\nsn: x\n\ndn: cn=b\n", 4, "right after the name"),
        ("dn: cn=a\nsn:: QUJ\n", 2, "not base64"),
        ("dn: cn=a\nsn:: QUJD\n QU", 2, "not base64"),
        ("dn: cn=a\nsn:: Q=JD\n", 2, "not base64"),
        ("dn: cn=a\nsn:: QU JD\n", 2, "not base64"),
        ("dn: cn=a\nsn:: QUJ\u{E9}\n", 2, "not base64"),
        ("dn: cn=a\nsn:: ====\n", 2, "not base64"),
        ("dn: cn=a\nunread:: !\n", 2, "value of unread is not base64"),
        ("dn:: Q\nsn: x\n", 1, "not base64"),
        ("dn: cn=a\nsn: x\ndn: cn=b\nsn: y\n", 3, "second dn"),
        (" dn: cn=a\nsn: x\n", 1, "not an attribute name"),
        ("dn: cn=a\nsn: x\n\n \n", 4, "without a colon"),
        ("dn: cn=a\nsn : x\n", 2, "not an attribute name"),
        ("dn: cn=a\n: x\n", 2, "not an attribute name"),
        ("version: 2\ndn: cn=a\nsn: x\n", 1, "not version 1"),
        ("version: 1\nversion: 1\n", 2, "a version"),
        ("dn: cn=Barbara Jensen\ncn: Barbara Jensen\n\nversion: 1\ndn: cn=Bjorn Jensen\nsn: Jensen\n", 4, "a version"),
        ("dn: uid=someone,dc=example,dc=org\ndescription:< file:///PATH/TO/FILE\n", 2, "URL"),
        ("dn:< file:///etc/passwd\nsn: x\n", 1, "URL"),
        ("version: 1\n\ndn: cn=x,cn=y,cn=z\nchangetype: modify\nincrement: gidNumber\ngidNumber: 1\n-\n\n", 4, "change record"),
        ("# comment\n\nversion: 1\n\n\ndn: cn=x,cn=y\nchangetype: modify\nreplace: attrib\nattrib: value\n-\n", 7, "change record"),
        ("dn: cn=a,dc=example\nchangetype: add\ncn: a\n\ndn: cn=b\ncn: b\n", 2, "change record"),
        ("dn: cn=b\ncn: b\n\ndn: cn=a,dc=example\nchangetype: add\ncn: a\n", 5, "change record"),
        ("version:   1\ndn: dc=example,dc=com\nchangetype: modify\nadd: administrativeRole\nadministrativerole: x\n-", 3, "change record"),
        ("version:   1\ndn: ou=P\ncontrol: 1.2.840.113556.1.4.805 true\nchangetype: delete\n\ndn: cn=a\ncn: a\n", 3, "change record"),
        ("dn: cn=Robert Jensen\nChangeType: delete\n", 2, "change record"),
        ("dn: cn=a\ndescription:: V2hhdCBhIGNhcmVmdWwgcmVhZGVy\nIGlzIGJhc2UtNjQ\n", 3, "without a colon"),
        ("dn: cn=a\nsn: x\n# givenname;lang-ja;phonetic::\n<JapaneseGivenname>\n", 4, "without a colon"),
    ]

    @Test("What is not a whole file of content records is refused, with its line", arguments: malformed)
    func refusals(_ text: String, _ line: Int, _ word: String) {
        for pieces in [[Int.max], [1], [3]] {
            let error = #expect(throws: SourceError.self) {
                try RecordKeeper.read(Array(text.utf8), .ldif, names: ["sn", "cn"], pieces: pieces)
            }
            #expect(error?.code == .malformed)
            #expect(error?.subject == "people.ldif:\(line)")
            #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
        }
    }

    @Test("A record cut anywhere inside its base64 is noticed")
    func truncation() throws {
        let whole = Array("dn: cn=a\nsn:: QUJDREVGR0g=".utf8)
        for length in 15..<whole.count where (length - 14) % 4 != 0 {
            #expect(throws: SourceError.self, "\(length) bytes") { try RecordKeeper.read(Array(whole[..<length]), .ldif, names: ["sn"]) }
        }
    }

    @Test("A line longer than the limit costs a wanted value and nothing else")
    func longLines() throws {
        var limits = FileLimits()
        limits.line = 32
        let long = String(repeating: "x", count: 40)
        let text = "dn: cn=a\nunread: \(long)\nunread:: \(long)!\nsn: \(long)\ncn: a\n\ndn: cn=b\nsn: b\n"
        for pieces in [[Int.max], [1], [20], [41]] {
            let read = try RecordKeeper.read(Array(text.utf8), .ldif, names: ["sn", "cn"], pieces: pieces, limits: limits)
            #expect(read == [KeptRecord(dn: "cn=a", attributes: ["cn": ["a"]]), KeptRecord(dn: "cn=b", attributes: ["sn": ["b"]])])
            let cut = #expect(throws: SourceError.self) {
                try RecordKeeper.read(Array("dn: cn=a\nsn: \(long)".utf8), .ldif, names: ["sn"], pieces: pieces, limits: limits)
            }
            #expect(cut?.subject == "people.ldif:2")
        }
    }
}

extension LDIFVector: CustomTestStringConvertible {
    var testDescription: String { name }

    /// Every attribute that some record of the vector has.
    var attributeNames: [String] { Set(records.flatMap(\.attributes.keys)).sorted() }
}

extension String {
    /// The text with another line end, byte by byte.
    func replacingLineFeeds(with end: String) -> String {
        unicodeScalars.reduce(into: "") { result, scalar in
            if scalar == "\n" { result += end } else { result.unicodeScalars.append(scalar) }
        }
    }
}
