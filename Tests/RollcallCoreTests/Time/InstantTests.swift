import Testing

@testable import RollcallCore

@Suite("Instants are microseconds since 1970")
struct InstantTests {
    static let written: [(Int64, String)] = [
        (0, "1970-01-01T00:00:00Z"), (1, "1970-01-01T00:00:00.000001Z"), (-1, "1969-12-31T23:59:59.999999Z"),
        (1_500_000, "1970-01-01T00:00:01.5Z"), (951_782_400_000_000, "2000-02-29T00:00:00Z"),
        (-11_644_473_600_000_000, "1601-01-01T00:00:00Z"),
        (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"), (-62_167_219_200_000_000, "0000-01-01T00:00:00Z"),
        (4_107_542_400_000_000, "2100-03-01T00:00:00Z"), (2_147_483_650_000_000, "2038-01-19T03:14:10Z"),
    ]

    @Test("Instants are written and read back", arguments: written)
    func writing(microseconds: Int64, text: String) {
        #expect(Instant(microseconds: microseconds).description == text)
        #expect(Instant(rfc3339: text) == Instant(microseconds: microseconds))
    }

    @Test("Years that RFC 3339 cannot write have a sign")
    func farYears() {
        #expect(Instant.latest.description == "+294247-01-10T04:00:54.775807Z")
        #expect(Instant.earliest.description == "-290308-12-21T19:59:05.224192Z")
        #expect(Instant(unixSeconds: 253_402_300_800).description == "+10000-01-01T00:00:00Z")
        #expect(Instant(unixSeconds: -62_167_219_201).description == "-0001-12-31T23:59:59Z")
    }

    static let read: [(String, String)] = [
        ("2014-01-02t03:04:05z", "2014-01-02T03:04:05Z"), ("2014-01-02 03:04:05+01:30", "2014-01-02T01:34:05Z"),
        ("2014-01-02T03:04:05.25-01:00", "2014-01-02T04:04:05.25Z"),
        ("2014-01-02T03:04:05.1234567Z", "2014-01-02T03:04:05.123456Z"), ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
        ("1990-12-31T15:59:60-08:00", "1991-01-01T00:00:00Z"),
        ("2014-01-02T03:04:05-00:00", "2014-01-02T03:04:05Z"),
    ]

    @Test("All forms of RFC 3339 are read", arguments: read)
    func reading(text: String, utc: String) {
        #expect(Instant(rfc3339: text)?.description == utc)
    }

    static let malformed = [
        "", "2014", "2014-01-02", "2014-01-02T03:04:05", "2014-01-02T03:04Z", "2014-13-02T03:04:05Z", "2014-02-29T03:04:05Z",
        "2014-00-02T03:04:05Z", "2014-01-00T03:04:05Z",
        "2014-01-02T24:00:00Z", "2014-01-02T03:60:05Z", "2014-01-02T03:04:60Z", "2014-01-02T03:04:05.Z", "2014-01-02T03:04:05Zx",
        "2014-01-02T03:04:05+0100", "2014-01-02T03:04:05+24:00",
        "2014-01-02T03:04:05+01:60", "14-01-02T03:04:05Z", "2014/01/02T03:04:05Z", " 2014-01-02T03:04:05Z", "+10000-01-01T00:00:00Z",
        "2014-01-02T03:04:05,5Z", "20140102T030405Z",
    ]

    @Test("Anything else is refused", arguments: malformed)
    func refusal(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test("Arithmetic stays at the ends of the range")
    func saturation() {
        #expect(Instant.latest + Span(seconds: 1) == .latest)
        #expect(Instant.earliest - Span(seconds: 1) == .earliest)
        #expect(Instant.epoch + Span(seconds: .max) == .latest)
        #expect(Instant.epoch + Span(seconds: .min) == .earliest)
        #expect(Instant.epoch - Span(seconds: .min) == .latest)
        #expect(Instant(unixSeconds: .max) == .latest)
        #expect(Instant(unixSeconds: .min) == .earliest)
        #expect(Instant.latest.span(since: .earliest).seconds == Int64.max / 1_000_000)
        #expect(Instant.latest.adding(microseconds: 1) == .latest)
        #expect(Instant.epoch + Span(seconds: 90) == Instant(unixSeconds: 90))
        #expect(Instant(microseconds: -1).unixSeconds == -1)
        #expect(Instant(unixSeconds: 10).span(since: Instant(unixSeconds: 100)).seconds == -90)
    }

    @Test("Every day of eight centuries follows the one before")
    func calendar() throws {
        for day in Int64(-150_000)...150_000 {
            let date = CivilDate(daysSince1970: day)
            let again = try #require(CivilDate(year: date.year, month: date.month, day: date.day))
            if again.daysSince1970 != day { Issue.record("day \(day)") }
        }
    }

    @Test("Random instants come back from their text")
    func random() {
        let seed: UInt64 = 0x1A57
        var generator = TextTestGenerator(seed: seed)
        for round in 0..<5_000 {
            let instant = Instant(microseconds: Int64.random(in: -62_167_219_200_000_000...253_402_300_799_999_999, using: &generator))
            #expect(Instant(rfc3339: instant.description) == instant, "seed \(seed), round \(round)")
            _ = Instant(microseconds: Int64.random(in: .min ... .max, using: &generator)).description
            _ = Instant(rfc3339: generator.bytes(upTo: 30))
        }
    }
}
