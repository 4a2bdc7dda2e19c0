/// A day as `shadowExpire` gives it: days since 1970-01-01, in decimal (RFC 2307, with the meaning of shadow(5)).
public enum ShadowDays: Hashable, Sendable {
    /// No day is set: -1, 0, any other number that is not positive (SSSD takes only `shadowExpire > 0`), and whatever lies
    /// after the year 9999.
    case never
    /// The day's first moment in UTC.
    case at(Instant)

    /// Reads decimal text, or returns `nil` when it is not a whole number.
    public static func parse(_ bytes: [UInt8]) -> ShadowDays? {
        switch DecimalText.parse(bytes) {
        case nil: nil
        case .tooLarge: .never
        case .number(let days): ShadowDays(days: days)
        }
    }

    private init(days: Int64) {
        let instant = Instant(unixSeconds: days.saturatingProduct(86_400))
        self = days <= 0 || instant > .endOfYear9999 ? .never : .at(instant)
    }
}
