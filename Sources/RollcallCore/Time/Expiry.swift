/// When an account ends, read from whichever attribute a directory keeps that in.
public enum Expiry: Hashable, Sendable {
    /// The account does not end.
    case never
    /// The account is shut from this instant on.
    case at(Instant)

    /// Reads a value by the syntax that belongs to the attribute's name, or returns `nil` when the value is nonsense.
    ///
    /// | attribute | syntax |
    /// | --- | --- |
    /// | `accountExpires` | ``FileTime`` |
    /// | `shadowExpire` | ``ShadowDays`` |
    /// | `loginExpirationTime`, `pwdEndTime`, `krbPrincipalExpiration` and all others | ``GeneralizedTime``, or RFC 3339 as in SCIM |
    ///
    /// `16010101000000.0Z`, which Active Directory writes where nothing was ever set, is ``never``. The year 0000 is nonsense
    /// here: it has a meaning only for locks, and must not be taken for a time long past.
    ///
    /// - Parameter attribute: the name without options, in any case.
    public static func read(attribute: String, value: [UInt8]) -> Expiry? {
        switch attribute.lowercased() {
        case "accountexpires": FileTime.parse(value).map(Expiry.init)
        case "shadowexpire": ShadowDays.parse(value).map(Expiry.init)
        default: GeneralizedTime.parse(value).flatMap(Expiry.init) ?? Instant(rfc3339: value).map(Expiry.at)
        }
    }

    private init(_ time: FileTime) {
        switch time {
        case .never: self = .never
        case .at(let instant): self = .at(instant)
        }
    }

    private init(_ days: ShadowDays) {
        switch days {
        case .never: self = .never
        case .at(let instant): self = .at(instant)
        }
    }

    private init?(_ time: GeneralizedTime) {
        guard case .instant(let instant) = time else { return nil }
        self = instant == .startOf1601 ? .never : .at(instant)
    }
}
