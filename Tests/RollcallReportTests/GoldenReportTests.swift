import RollcallCore
import RollcallReport
import RollcallTesting
import Testing

@Suite("Reports look as they did when a person last read them")
struct GoldenReportTests {
    @Test("in sync: text, JSON")
    func empty() throws {
        try compare(ReportFixture.empty(), "empty")
    }

    @Test("an ordinary day: text, JSON")
    func nominal() throws {
        try compare(ReportFixture.nominal(), "nominal")
    }

    @Test("a held plan: text, JSON")
    func held() throws {
        try compare(ReportFixture.held(), "held")
    }

    @Test("a leaver who keeps access, and disputed names: text, JSON")
    func lastHolder() throws {
        try compare(ReportFixture.lastHolder(), "last-holder")
    }

    @Test("hostile values: text, JSON")
    func hostile() throws {
        try compare(ReportFixture.hostile(), "hostile")
    }

    @Test("an incomplete reading: text")
    func incomplete() throws {
        try GoldenFile("incomplete.txt").expect(ReportFixture.incomplete().text())
    }

    @Test("the list of runs: text, JSON")
    func runs() throws {
        let records = try [ReportFixture.held().record, ReportFixture.nominal().record, ReportFixture.incomplete().record]
        let list = RunList(records)
        let text = try rendered { try list.writeText(to: &$0) }
        let json = try rendered { try list.writeJSON(to: &$0) }
        let results = [Result { try GoldenFile("runs.txt").expect(text) }, Result { try GoldenFile("runs.json").expect(json) }]
        for result in results { try result.get() }
    }

    private func compare(_ fixture: ReportFixture, _ name: String) throws {
        let text = try fixture.text()
        let json = try fixture.json()
        let results = [Result { try GoldenFile(name + ".txt").expect(text) }, Result { try GoldenFile(name + ".json").expect(json) }]
        for result in results { try result.get() }
    }
}
