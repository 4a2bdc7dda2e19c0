import Testing

@testable import RollcallCore

@Suite("Limits of guards")
struct GuardLimitTests {
    @Test(
        "more than the minimum and more than percent or count",
        arguments: [
            (GuardLimit(percent: 5, count: 500, min: 5), 5, 10, false), (GuardLimit(percent: 5, count: 500, min: 5), 6, 10, true),
            (GuardLimit(percent: 5, count: 500, min: 5), 6, 120, false), (GuardLimit(percent: 5, count: 500, min: 5), 6, 119, true),
            (GuardLimit(percent: nil, count: 3, min: 0), 3, 0, false), (GuardLimit(percent: nil, count: 3, min: 0), 4, 1000, true),
            (GuardLimit(percent: 0, min: 0), 1, 1000, true), (GuardLimit(percent: 0, min: 0), 0, 1000, false),
            (GuardLimit(percent: 100, min: 0), 1000, 1000, false), (GuardLimit(percent: nil, min: 0), 1_000_000, 0, false),
            (GuardLimit(percent: 5, min: 5), 6, 0, true),
        ])
    func limits(limit: GuardLimit, observed: Int, whole: Int, isExceeded: Bool) {
        #expect(limit.isExceeded(by: observed, of: whole) == isExceeded)
    }

    @Test("numbers beyond all reason neither trap nor pass")
    func overflow() {
        #expect(GuardLimit(percent: 5, min: 5).isExceeded(by: .max, of: .max))
        #expect(GuardLimit(percent: 5, min: 5).isExceeded(by: .max, of: 1))
        #expect(!GuardLimit(percent: 5, min: 5).isExceeded(by: 6, of: .max))
        #expect(!GuardLimit(percent: .max, min: 5).isExceeded(by: 6, of: 10))
    }

    @Test("the description is what a person would say")
    func description() {
        #expect("\(GuardLimit(percent: 5, count: 500, min: 5))" == "5 % or 500, min 5")
        #expect("\(GuardLimit(percent: nil, count: 3, min: 0))" == "3, min 0")
        #expect("\(GuardLimits().creations)" == "20 %, min 50")
    }
}
