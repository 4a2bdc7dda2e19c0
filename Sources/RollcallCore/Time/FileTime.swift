/// A time as Active Directory writes `accountExpires` and its like: 100-nanosecond steps since 1601-01-01T00:00:00Z, in decimal.
public enum FileTime: Hashable, Sendable {
    /// No time is set: 0, 9223372036854775807, and whatever lies after the year 9999.
    case never
    case at(Instant)

    /// Reads decimal text, or returns `nil` when it is not a whole number or is negative.
    ///
    /// The last digit, a tenth of a microsecond, is dropped. Numbers too large for 64 bits are ``never``.
    public static func parse(_ bytes: [UInt8]) -> FileTime? {
        switch DecimalText.parse(bytes) {
        case nil: nil
        case .tooLarge: .never
        case .number(let steps): FileTime(steps: steps, text: bytes)
        }
    }

    private init?(steps: Int64, text: [UInt8]) {
        guard steps >= 0, text.first != UInt8(ascii: "-") else { return nil }
        let instant = Instant(microseconds: (steps / 10).saturatingDifference(11_644_473_600_000_000))
        self = steps == 0 || instant > .endOfYear9999 ? .never : .at(instant)
    }
}
