import Testing

@testable import RollcallCore

@Suite("The outcome of a filter")
struct TruthTests {
    @Test(
        "follows the three-valued tables",
        arguments: [
            (Truth.yes, Truth.yes, Truth.yes, Truth.yes), (.yes, .no, .no, .yes), (.yes, .unknown, .unknown, .yes), (.no, .yes, .no, .yes),
            (.no, .no, .no, .no), (.no, .unknown, .no, .unknown), (.unknown, .yes, .unknown, .yes), (.unknown, .no, .no, .unknown),
            (.unknown, .unknown, .unknown, .unknown),
        ])
    func tables(left: Truth, right: Truth, both: Truth, either: Truth) {
        #expect(left.and(right) == both)
        #expect(left.or(right) == either)
        #expect(left.negated.or(right.negated) == both.negated)
        #expect(left.negated.negated == left)
    }

    @Test("stays unknown when it is denied")
    func negation() {
        #expect(Truth.unknown.negated == .unknown)
        #expect(Truth(true) == .yes)
        #expect(Truth(false).negated == .yes)
    }
}
