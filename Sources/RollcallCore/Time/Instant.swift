/// A point in time in microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// The range is about 292,000 years to either side. Arithmetic saturates at the ends of the range, so it never traps and never
/// wraps from the far future into the past.
public struct Instant: Hashable, Comparable, Sendable {
    /// Microseconds since 1970-01-01T00:00:00Z; negative before it.
    public let microseconds: Int64

    /// 1970-01-01T00:00:00Z.
    public static let epoch = Instant(microseconds: 0)
    /// The earliest instant that can be held.
    public static let earliest = Instant(microseconds: .min)
    /// The latest instant that can be held.
    public static let latest = Instant(microseconds: .max)

    /// 1601-01-01T00:00:00Z, from which Active Directory counts.
    static let startOf1601 = Instant(unixSeconds: -11_644_473_600)
    /// The last microsecond that RFC 3339 can write.
    static let endOfYear9999 = Instant(microseconds: 253_402_300_799_999_999)

    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Takes seconds since 1970, saturating when they do not fit as microseconds.
    public init(unixSeconds: Int64) {
        microseconds = unixSeconds.saturatingProduct(1_000_000)
    }

    /// Whole seconds since 1970, rounded towards the past.
    public var unixSeconds: Int64 { microseconds.flooredQuotient(1_000_000) }

    public static func < (left: Instant, right: Instant) -> Bool {
        left.microseconds < right.microseconds
    }

    /// The instant that much later (or earlier, for a negative span), saturating.
    public static func + (instant: Instant, span: Span) -> Instant {
        Instant(microseconds: instant.microseconds.saturatingSum(span.seconds.saturatingProduct(1_000_000)))
    }

    /// The instant that much earlier (or later, for a negative span), saturating.
    public static func - (instant: Instant, span: Span) -> Instant {
        Instant(microseconds: instant.microseconds.saturatingDifference(span.seconds.saturatingProduct(1_000_000)))
    }

    /// The instant that many microseconds later, saturating.
    public func adding(microseconds more: Int64) -> Instant {
        Instant(microseconds: microseconds.saturatingSum(more))
    }

    /// Whole seconds from `earlier` to this instant, rounded towards zero; negative when `earlier` is in fact later.
    public func span(since earlier: Instant) -> Span {
        Span(seconds: microseconds.saturatingDifference(earlier.microseconds) / 1_000_000)
    }
}
