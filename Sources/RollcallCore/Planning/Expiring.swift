/// Users whose access ends by the clock alone within the next days.
public struct Expiring: Hashable, Sendable {
    /// A user and when their access ends.
    public struct User: Hashable, Sendable {
        public let username: Text
        public let end: Instant

        public init(username: Text, end: Instant) {
            self.username = username
            self.end = end
        }
    }

    /// How far the report looks ahead.
    public static let horizon = Span(seconds: 7 * 86_400)

    /// How many there are.
    public var count = 0
    /// The first few, the soonest first.
    public var soonest: [User] = []

    public init() {}

    /// What the report says of them; `nil` when there are none.
    public var warning: Text? {
        guard count > 0 else { return nil }
        let names = soonest.map { "\($0.username) (\($0.end.wholeSeconds))" }.joined(separator: ", ")
        let more = count > soonest.count ? " and \(count - soonest.count) more" : ""
        return Text("\(count == 1 ? "1 user loses" : "\(count) users lose") access within \(Expiring.horizon): \(names)\(more)")
    }
}
