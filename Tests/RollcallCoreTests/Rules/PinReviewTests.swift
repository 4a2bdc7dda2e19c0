import Testing

@testable import RollcallCore

@Suite("What a rule means, given what it has pinned")
struct PinReviewTests {
    private static func group(_ anchor: String, _ name: String) -> PinnedGroup {
        PinnedGroup(anchor: Anchor(anchor.utf8), name: Text(name), dn: Text("cn=\(name)"))
    }

    private let old = PinReviewTests.group("g1", "admins")
    private let renamed = PinReviewTests.group("g1", "console-admins")
    private let new = PinReviewTests.group("g2", "admins")

    @Test("the first group that it meets is pinned, and so is every other one of that name")
    func firstMatch() {
        let review = PinReview(pinned: [], named: [new, old], seen: [])
        #expect(review.state == .pinned && review.meant == [new, old] && review.kept == [old, new] && review.newcomers.isEmpty)
        #expect(PinReview(pinned: [], named: [], seen: []).state == .unmatched)
        #expect(PinReview(pinned: [old], named: [old], seen: [old]).state == .pinned)
    }

    @Test("a group of another name is followed, and pinned by that name")
    func followed() {
        let review = PinReview(pinned: [old], named: [], seen: [renamed])
        #expect(review.state == .followed && review.meant == [renamed] && review.followed == [renamed] && review.lost.isEmpty)
        #expect(review.kept == [renamed] && review.state(of: renamed) == .followed)
    }

    @Test("a group that is gone is lost until somebody decides; then nothing is pinned")
    func missing() {
        let review = PinReview(pinned: [old], named: [], seen: [])
        #expect(review.state == .missing && review.meant.isEmpty && review.lost == [old] && review.kept == [old])
        #expect(review.settled.isEmpty && review.state(of: old) == .missing)
    }

    @Test("another group under the name waits, whether the pinned one is gone or called otherwise", arguments: [true, false])
    func replaced(_ isThere: Bool) {
        let review = PinReview(pinned: [old], named: [new], seen: isThere ? [renamed] : [])
        #expect(review.state == .replaced && review.meant.isEmpty && review.newcomers == [new] && review.lost == [old])
        #expect(review.kept == [isThere ? renamed : old] && review.settled == [new] && review.state(of: old) == .replaced)
    }

    @Test("a second group of the name waits by itself, and the first one goes on")
    func second() {
        let review = PinReview(pinned: [old], named: [new, old], seen: [old])
        #expect(review.state == .replaced && review.meant == [old] && review.lost.isEmpty && review.newcomers == [new])
        #expect(review.settled == [old, new])
    }

    @Test("a pin is kept under what the rule says, and a pattern pins nothing")
    func keys() throws {
        #expect(GroupRule.Selector.name(FoldedKey("Admins")).pinKey?.bytes == GroupRule.Selector.name(FoldedKey("admins")).pinKey?.bytes)
        let kinds = [GroupRule.Selector.dn([1]), .anchor(Anchor([1])), .name(FoldedKey("x"))].compactMap { $0.pinKey?.kind }
        #expect(kinds == ["dn", "anchor", "name"])
        #expect(try GroupRule.Selector.pattern(LinearPattern("x")).pinKey == nil)
    }
}
