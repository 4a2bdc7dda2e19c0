/// A length of time in whole seconds, written in the configuration as `90s`, `15m`, `24h`, `30d` or `2w`.
///
/// A day is 86,400 seconds and a week seven such days; there are no months. Within modules that import this one the name hides
/// the standard library's `Swift.Span`.
public struct Span: Hashable, Comparable, Sendable {
    /// Seconds; negative only when computed, never when read from text.
    public let seconds: Int64

    /// No time at all.
    public static let zero = Span(seconds: 0)

    /// The longest span that text may give: 100 years of 365.25 days.
    public static let longest = Span(seconds: 36_525 * 86_400)

    public init(seconds: Int64) {
        self.seconds = seconds
    }

    /// Reads digits followed by one of `s m h d w`, or returns `nil`.
    ///
    /// A bare number is refused, because its unit would be a guess. So are signs, fractions, blanks, upper case, compounds such
    /// as `1h30m` and anything above ``longest``.
    public init?(_ text: String) {
        var digits = Array(text.utf8)
        guard let letter = digits.popLast(), let unit = Span.units.first(where: { $0.letter == letter }),
            !digits.isEmpty, digits.count <= 12
        else { return nil }
        var count: Int64 = 0
        for byte in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            count = count * 10 + Int64(byte) - 48
        }
        let seconds = count.saturatingProduct(unit.seconds)
        guard seconds <= Span.longest.seconds else { return nil }
        self.init(seconds: seconds)
    }

    public static func < (left: Span, right: Span) -> Bool {
        left.seconds < right.seconds
    }

    private struct Unit: Sendable {
        let letter: UInt8
        let seconds: Int64
    }

    /// Longest first.
    private static let units = [
        Unit(letter: UInt8(ascii: "w"), seconds: 604_800),
        Unit(letter: UInt8(ascii: "d"), seconds: 86_400),
        Unit(letter: UInt8(ascii: "h"), seconds: 3_600),
        Unit(letter: UInt8(ascii: "m"), seconds: 60),
        Unit(letter: UInt8(ascii: "s"), seconds: 1),
    ]
}

extension Span: CustomStringConvertible {
    /// The span in the longest unit that divides it: `90s`, `1d` for 24 hours, `2w` for 14 days, `0s`.
    public var description: String {
        guard seconds != 0, let unit = Span.units.first(where: { seconds % $0.seconds == 0 }) else { return "0s" }
        return "\(seconds / unit.seconds)\(Unicode.Scalar(unit.letter))"
    }
}
