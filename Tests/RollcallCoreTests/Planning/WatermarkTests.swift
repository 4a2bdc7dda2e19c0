import Testing

@testable import RollcallCore

@Suite("Watermarks")
struct WatermarkTests {
    private static func mark(_ time: String, _ server: String, count: String = "000000") -> String {
        "\(time).000000Z#\(count)#\(server)#000000"
    }

    @Test("an older number of the same server is behind; an equal, newer or other one is not")
    func order() {
        let old = WatermarkTests.mark("20261120000000", "001")
        let new = WatermarkTests.mark("20261121000000", "001")
        #expect(Watermark.isBehind(old, new))
        #expect(!Watermark.isBehind(new, old) && !Watermark.isBehind(new, new))
        #expect(
            Watermark.isBehind(
                WatermarkTests.mark("20261121000000", "001", count: "000001"), WatermarkTests.mark("20261121000000", "001", count: "000002")
            ))
        #expect(!Watermark.isBehind(WatermarkTests.mark("20261120000000", "002"), new), "another server's number says nothing")
    }

    @Test("of several servers one that is behind is enough", arguments: [" ", ";", ",", "\n"])
    func several(separator: String) {
        let (one, two) = (WatermarkTests.mark("20261121000000", "001"), WatermarkTests.mark("20261121000000", "002"))
        let lagging = WatermarkTests.mark("20261120000000", "002")
        #expect(Watermark.isBehind([one, lagging].joined(separator: separator), [one, two].joined(separator: separator)))
        #expect(!Watermark.isBehind([two, one].joined(separator: separator), [one, two].joined(separator: separator)))
        #expect(
            Watermark.isBehind([one, lagging].joined(separator: separator), [two, lagging].joined(separator: separator)),
            "the newest of a server counts")
    }

    @Test("marks of another form are not compared", arguments: ["", "12345", "#", "###", "a#b#c#d", "2026Z#1#2", "\u{0}"])
    func others(text: String) {
        let mark = WatermarkTests.mark("20261121000000", "001")
        #expect(!Watermark.isBehind(text, mark) && !Watermark.isBehind(mark, text) && !Watermark.isBehind(text, text))
    }
}
