import Testing

@testable import RollcallCommands

@Suite("How long refused credentials are not sent again")
struct RefusedSourceTests {
    @Test(
        "just less than an hour, then twice as long each time, and a day at most",
        arguments: [(1, 59), (2, 119), (3, 239), (4, 479), (5, 959), (6, 1439), (7, 1439), (1_000_000, 1439)])
    func pause(refusals: Int, minutes: Int) {
        #expect(RefusedSource.pause(after: refusals) == .seconds(minutes * 60))
    }
}
