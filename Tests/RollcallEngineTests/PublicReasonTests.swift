import RollcallCore
import RollcallEngine
import RollcallTesting
import Testing

@Suite("What a log may say of why a run ended as it did")
struct PublicReasonTests {
    private let fixture: RunFixture

    init() throws {
        fixture = try RunFixture(rules: try People.rules())
    }

    /// The record names the person; what others read does not, and says where the name is.
    private func expect(_ report: RunReport, _ words: String, without name: String) {
        #expect(report.record.reason?.contains(name) == true, "\(report.record.reason ?? "")")
        let said = report.publicReason ?? ""
        #expect(said.contains(words) && !said.contains(name), "\(said)")
        #expect(said.hasSuffix("; see `rollcall report \(report.record.id)`"), "\(said)")
    }

    @Test("whoever a reading lacks, and is there when looked up, is not named")
    func missed() async throws {
        var people = People(["ann", "bob"])
        _ = try await fixture.approve(people.directory)
        people.remove("ann")
        var directory = people.directory
        directory.presences = [Anchor("id-ann".utf8): .inScope]
        expect(try await fixture.apply(directory), "did not have an entry that is there when it is looked up", without: "id-ann")
    }

    @Test("an entry that came twice with different content is not named")
    func repeated() async throws {
        var snapshot = People(["ann", "bob"]).snapshot
        var again = snapshot.people[0]
        again["mail"] = ["other@x"]
        snapshot.people.append(again)
        expect(try await fixture.apply(MemoryDirectory(snapshot)), "this entry twice with different content", without: "id-ann")
    }

    @Test("an expectation that fails is counted, not quoted")
    func expectations() async throws {
        _ = try await fixture.approve(People(["ann", "bob"]).directory)
        fixture.expectations = [Expectation(user: "bob", .absent), Expectation(user: "ann", .absent)]
        fixture.rulesDigest = Digest(hashing: [2])
        expect(try await fixture.apply(People(["ann", "bob"]).directory), "2 expectations fail;", without: "bob:")
    }

    @Test("any other reason is said whole")
    func others() async throws {
        var directory = People(["ann"]).directory
        directory.snapshots[0].result = 4
        let failed = try await fixture.apply(directory)
        #expect(failed.publicReason == failed.record.reason && failed.publicReason?.contains("result 4") == true)
    }
}
