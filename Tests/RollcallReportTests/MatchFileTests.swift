import RollcallCore
import Testing

@testable import RollcallReport

@Suite("Files of matches")
struct MatchFileTests {
    private static func match(_ id: Int64, _ name: Text) -> Match {
        Match(
            userID: id, username: name, email: "=cmd", anchor: Anchor([0, 255, UInt8(id)]), dn: "cn=\"x\",o=;y", entryUsername: name,
            entryEmail: nil, sharesUsername: true, sharesEmail: false)
    }

    private static func written(_ matches: [Match]) throws -> [UInt8] {
        let sink = Sink()
        var output = ReportOutput { sink.bytes += $0 }
        MatchFile.write(matches, to: &output)
        try output.finish()
        return sink.bytes
    }

    private final class Sink {
        var bytes: [UInt8] = []
    }

    @Test("what was written is read back, hostile names too, and shows as the account that it is")
    func roundTrip() throws {
        let names: [Text] = ["ann", "=1+1", "-x", "a;=b", "q\"uo'te", "\u{1B}[31m", "two\nlines", "ünï"]
        let matches = names.enumerated().map { MatchFileTests.match(Int64($0.offset + 1), $0.element) }
        let content = MatchFile.read(try MatchFileTests.written(matches), name: "m.csv")
        #expect(content.problems == [] && content.links.count == names.count)
        for (link, match) in zip(content.links, matches) {
            #expect(link.entry == .anchor(match.anchor) && link.place == "m.csv:\(match.userID + 1)")
            guard case .id(let id, let shown) = link.account else { throw Unexpected() }
            #expect(id == match.userID && LinkRequest.isShown(match.username, as: shown), "\(match.username)")
            #expect(!LinkRequest.isShown("somebody else", as: shown))
        }
    }

    @Test("every line that is wrong is named, whatever the bytes")
    func problems() {
        let text = "\u{FEFF}anchor;user_id;username\r\n0x01;1;ann\r\n\r\nx;2;bob\r\n0x02;two;cyd\r\n0x0g;3;dan\r\n0x03;4;\"eve\r\n"
        let content = MatchFile.read(Array(text.utf8), name: "m.csv")
        #expect(content.links.count == 2)
        #expect(
            content.problems == [
                "m.csv:4: anchor is not 0x and an even number of digits", "m.csv:5: user_id is not a number",
                "m.csv:6: anchor is not 0x and an even number of digits", "m.csv: a quote is not closed",
            ])
        #expect(MatchFile.read([], name: "m").problems.count == 1)
        #expect(MatchFile.read([0xFF, 0, 0x22, 0x0A], name: "m").problems.count == 1)
    }

    private struct Unexpected: Error {}
}
