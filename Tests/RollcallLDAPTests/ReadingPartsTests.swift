import RollcallCore
import RollcallReading
import Testing

@testable import RollcallLDAP

@Suite("Small parts of a reading")
struct ReadingPartsTests {
    private func match(_ matcher: inout SlotMatcher, _ name: String) -> SlotMatcher.Match {
        Array(name.utf8).withUnsafeBufferPointer { matcher.match($0) }
    }

    @Test("Attribute descriptions find their slot whatever their case, and only when they are the one asked for")
    func slots() {
        var matcher = SlotMatcher(["entryUUID", "cn", "cn;lang-en"])
        for _ in 0..<3 {
            #expect(match(&matcher, "ENTRYUUID") == .slot(0))
            #expect(match(&matcher, "CN") == .slot(1))
            #expect(match(&matcher, "cn") == .slot(1))
            #expect(match(&matcher, "cn;Lang-EN") == .slot(2))
            #expect(match(&matcher, "cn;lang-fr") == .none)
            #expect(match(&matcher, "sn") == .none)
            #expect(match(&matcher, "") == .none)
        }
    }

    @Test("A range of an attribute's values is told from all of them")
    func ranges() {
        var matcher = SlotMatcher(["member"])
        #expect(match(&matcher, "member;range=0-1499") == .partial(0))
        #expect(match(&matcher, "member;Range=1500-*") == .partial(0))
        #expect(match(&matcher, "other;range=0-1499") == .none)
    }

    @Test("contextCSN goes back when any server's mark does")
    func contextCSN() throws {
        let first = try #require(ContextCSN(["20261121184643.000001Z#000000#001#000000", "20261121184643.000009Z#000000#002#000000"]))
        let later = try #require(ContextCSN(["20261121184644.000001Z#000000#001#000000", "20261121184643.000009Z#000000#002#000000"]))
        #expect(first.isBehind(later) && !later.isBehind(first) && !first.isBehind(first))
        #expect(ContextCSN([]) == nil)
        #expect(ContextCSN(["nonsense"])?.isBehind(first) == false)
    }

    @Test("A server's words are made one short line")
    func oneLine() {
        #expect(SourceError.oneLine("a\r\nb\u{1B}[31m\u{202E}c") == "a b [31m c")
        #expect(SourceError.oneLine(String(repeating: "é", count: 500)).utf8.count < 210)
    }
}
