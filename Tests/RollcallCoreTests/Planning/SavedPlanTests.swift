import RollcallCore
import Testing

@Suite("A plan file stands for one store, for a time, and once")
struct SavedPlanTests {
    private static let here = StoreIdentity(Array(repeating: 1, count: 16))
    private static let made = Instant(unixSeconds: 1_794_000_000)

    private func obstacle(
        _ origin: PlanOrigin? = PlanOrigin(store: here, run: 7), after seconds: Int64 = 60,
        _ change: (inout SavedPlanState) -> Void = { _ in }
    ) -> String? {
        var state = SavedPlanState()
        state.identity = Self.here
        state.newestRun = 9
        change(&state)
        return SavedPlan(digest: Digest(hashing: [1]), made: Self.made, origin: origin)
            .obstacle(in: state, at: Self.made + Span(seconds: seconds), limit: Span(seconds: 3600))
    }

    @Test("it stands in its store, also after runs that changed nothing, until its time is over")
    func stands() {
        #expect(obstacle() == nil)
        #expect(obstacle(after: 3600) == nil)
        #expect(obstacle(after: 3601)?.contains("older than 1h") == true)
        // A clock that was set back would keep it fresh.
        #expect(obstacle(after: -300) == nil)
        #expect(obstacle(after: -301)?.contains("later than now") == true)
    }

    @Test("not in another store, not in an older state of its own, and not when it does not say")
    func elsewhere() {
        #expect(obstacle(PlanOrigin(store: StoreIdentity(Array(repeating: 2, count: 16)), run: 7))?.contains("another store") == true)
        #expect(obstacle(PlanOrigin(store: Self.here, run: 10))?.contains("restored") == true)
        #expect(obstacle { $0.identity = nil }?.contains("another store") == true)
        #expect(obstacle(nil)?.contains("does not say") == true)
    }

    @Test("of no store, only while no run is recorded")
    func storeless() {
        let none = PlanOrigin(store: nil, run: 0)
        #expect(obstacle(none) { $0.newestRun = 0 } == nil)
        #expect(obstacle(none) { $0.newestRun = 1 }?.contains("no store") == true)
        #expect(obstacle(none, after: 3601) { $0.newestRun = 0 } != nil)
    }

    @Test("once, and not after a run that has changed the store")
    func once() {
        #expect(obstacle { $0.usedBy = "20261121T184500Z-4f2a9c01" }?.contains("used already, by run 20261121T184500Z-4f2a9c01") == true)
        #expect(obstacle { $0.changedBy = "20261121T184500Z-4f2a9c01" }?.contains("has changed the store") == true)
    }

    @Test("an identity is sixteen bytes, written as hexadecimal digits")
    func identity() {
        let identity = StoreIdentity(Array(0..<16))
        #expect(identity?.description == "000102030405060708090a0b0c0d0e0f")
        #expect(StoreIdentity(hexadecimal: "000102030405060708090a0b0c0d0e0f") == identity)
        for text in ["", "00", "000102030405060708090a0b0c0d0e0g", "000102030405060708090a0b0c0d0e0f00"] {
            #expect(StoreIdentity(hexadecimal: text) == nil)
        }
    }
}
