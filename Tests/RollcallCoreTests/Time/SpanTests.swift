import Testing

@testable import RollcallCore

@Suite("Spans are read from configuration text")
struct SpanTests {
    static let valid: [(String, Int64, String)] = [
        ("0s", 0, "0s"), ("90s", 90, "90s"), ("120s", 120, "2m"), ("15m", 900, "15m"), ("24h", 86_400, "1d"), ("36h", 129_600, "36h"),
        ("30d", 2_592_000, "30d"),
        ("14d", 1_209_600, "2w"), ("2w", 1_209_600, "2w"), ("007d", 604_800, "1w"), ("36525d", 3_155_760_000, "36525d"),
    ]

    @Test("A number and a unit are read, and written in the longest unit", arguments: valid)
    func reading(text: String, seconds: Int64, written: String) {
        #expect(RollcallCore.Span(text)?.seconds == seconds)
        #expect(RollcallCore.Span(text)?.description == written)
        #expect(RollcallCore.Span(written)?.seconds == seconds)
    }

    @Test(
        "Anything else is refused",
        arguments: [
            "", "s", "5", "-5s", "+5s", "1.5h", "1h30m", "5 m", " 5m", "5M", "5y", "36526d", "9999999999999s", "999999999999w", "٣d",
            "5sec", "0x5s",
        ]
    )
    func refusal(text: String) {
        #expect(RollcallCore.Span(text) == nil)
    }

    @Test("Computed spans may be negative and of any size")
    func computed() {
        #expect(RollcallCore.Span(seconds: -90).description == "-90s")
        #expect(RollcallCore.Span(seconds: .min).description == "-9223372036854775808s")
        #expect(RollcallCore.Span(seconds: 60) < RollcallCore.Span(seconds: 61))
    }
}
