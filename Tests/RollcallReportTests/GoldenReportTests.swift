import RollcallCore
import RollcallReport
import RollcallTesting
import Testing

@Suite("Reports look as they did when a person last read them")
struct GoldenReportTests {
    @Test("in sync: every format")
    func empty() throws {
        try compare(ReportFixture.empty(), "empty")
    }

    @Test("an ordinary day: every format")
    func nominal() throws {
        try compare(ReportFixture.nominal(), "nominal")
    }

    @Test("a held plan: every format")
    func held() throws {
        try compare(ReportFixture.held(), "held")
    }

    @Test("a leaver who keeps access, and disputed names: every format")
    func lastHolder() throws {
        try compare(ReportFixture.lastHolder(), "last-holder")
    }

    @Test("hostile values: every format")
    func hostile() throws {
        try compare(ReportFixture.hostile(), "hostile")
    }

    @Test("an incomplete reading: every format but JSON")
    func incomplete() throws {
        try compare(ReportFixture.incomplete(), "incomplete", formats: Format.allCases.filter { $0 != .json })
    }

    @Test("an ordinary day without names: every format")
    func redacted() throws {
        try compare(ReportFixture.nominal().redacted(), "redacted")
    }

    @Test("the list of runs: every format", arguments: Format.allCases)
    func runs(_ format: Format) throws {
        let records = try [ReportFixture.held().record, ReportFixture.nominal().record, ReportFixture.incomplete().record]
        let list = RunList(records)
        try GoldenFile("runs.\(format.rawValue)").expect(rendered { try list.table.write(format, list.rows, to: &$0) })
    }

    private func compare(_ fixture: ReportFixture, _ name: String, formats: [Format] = Format.allCases) throws {
        let results = formats.map { format in
            Result { try GoldenFile("\(name).\(format.rawValue)").expect(fixture.report(format)) }
        }
        for result in results { try result.get() }
    }
}
