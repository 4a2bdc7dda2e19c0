import RollcallCore
import Testing

@Suite("Times as HTTP writes them")
struct HTTPDateTests {
    @Test(
        "All three forms are read",
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
            ("Sun Nov  6 08:49:37 1994", 784_111_777), ("Sun Nov 16 08:49:37 1994", 784_975_777),
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Fri, 01-Jan-69 00:00:00 GMT", 3_124_224_000),
            ("Sat, 29 Feb 2020 23:59:60 GMT", 1_583_020_800),
        ] as [(String, Int64)])
    func reads(_ text: String, _ seconds: Int64) {
        #expect(HTTPDate.parse(text) == Instant(unixSeconds: seconds))
    }

    @Test(
        "Anything else is refused",
        arguments: [
            "", "120", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 06 nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 8:49:37 GMT",
            "Sun, +6 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z",
        ])
    func refuses(_ text: String) {
        #expect(HTTPDate.parse(text) == nil)
    }
}
