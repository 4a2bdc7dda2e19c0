import RollcallCore
import RollcallEngine
import Testing

@Suite("What the daemon says of itself")
struct DaemonStatusTests {
    private let noon = Instant(unixSeconds: 1_767_225_600 + 43_200)

    @Test("a long reason is cut, so that all else is still there")
    func long() {
        var status = DaemonStatus()
        status.note(.failed(String(repeating: "é", count: 4_000)), at: noon)
        status.next = noon
        let sentence = status.sentence(at: noon)
        #expect(sentence.utf8.count < 500 && sentence.hasSuffix("é…; next run 12:00Z"), "\(sentence)")
    }

    @Test("one line that a person can read")
    func sentences() {
        var status = DaemonStatus()
        #expect(status.sentence(at: noon) == "no run yet")
        status.note(.inSync, at: noon - Span(seconds: 900))
        status.note(.inSync, at: noon)
        status.next = noon + Span(seconds: 900)
        status.heldPlans = 1
        #expect(status.sentence(at: noon) == "in sync since 11:45Z; next run 12:15Z; 1 plan held")
        status.note(.failed("ldaps://dc1: unreachable"), at: noon)
        status.quarantined = noon - Span(seconds: 86_400)
        status.heldPlans = 0
        #expect(
            status.sentence(at: noon)
                == "failing since 12:00Z: ldaps://dc1: unreachable; source quarantined since 2025-12-31 12:00Z; next run 12:15Z")
        status.running = noon
        status.quarantined = nil
        status.note(.held("a \u{1B}[31mred\nname"), at: noon)
        status.refusedReload = "line 7"
        #expect(
            status.sentence(at: noon)
                == "nothing applied since 12:00Z: a \\u{1B}[31mred\\u{A}name; running since 12:00Z; reload refused, still the former config: line 7"
        )
    }
}
