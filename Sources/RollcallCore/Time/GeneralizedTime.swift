/// A time as directories write it: `20140102030405Z`, `201401020304.5+0130` (RFC 4517, section 3.3.13).
public enum GeneralizedTime: Hashable, Sendable {
    /// An ordinary time.
    case instant(Instant)
    /// A time in the year 0000, which is no time but a sign: `000001010000Z` as `pwdAccountLockedTime` means locked for good.
    case yearZero

    /// Reads `YYYYMMDDHH[MM[SS]][(.|,)f…](Z|±HH[MM])`, or returns `nil` when the bytes are anything else.
    ///
    /// The fraction belongs to the last unit given: the hour, the minute or the second. It is rounded down to microseconds.
    /// A time without a zone is refused, for it says nothing. Second 60 is accepted where a leap second can be, as
    /// 23:59:60 in UTC, and read as the first second of the next day.
    public static func parse(_ bytes: [UInt8]) -> GeneralizedTime? {
        var reader = DigitReader(bytes)
        guard let year = reader.number(digits: 4), let month = reader.number(digits: 2), let day = reader.number(digits: 2),
            let date = CivilDate(year: year, month: month, day: day), let hour = reader.number(digits: 2), hour < 24
        else { return nil }
        var second = hour * 3_600
        var unit: Int64 = 3_600
        var isLeap = false
        if reader.isAtDigit {
            guard let minutes = reader.number(digits: 2), minutes < 60 else { return nil }
            second += minutes * 60
            unit = 60
            if reader.isAtDigit {
                guard let seconds = reader.number(digits: 2), seconds <= 60 else { return nil }
                second += seconds
                unit = 1
                isLeap = seconds == 60
            }
        }
        var fraction: Int64 = 0
        if reader.take(UInt8(ascii: ".")) || reader.take(UInt8(ascii: ",")) {
            guard let part = reader.fraction(of: unit * 1_000_000) else { return nil }
            fraction = part
        }
        guard let offset = zone(&reader), reader.isAtEnd else { return nil }
        let seconds = date.daysSince1970 * 86_400 + second - offset
        guard !isLeap || seconds % 86_400 == 0 else { return nil }
        return year == 0 ? .yearZero : .instant(Instant(microseconds: seconds * 1_000_000 + fraction))
    }

    /// The offset from UTC in seconds, positive to the east.
    private static func zone(_ reader: inout DigitReader) -> Int64? {
        if reader.take(UInt8(ascii: "Z")) { return 0 }
        let east = reader.take(UInt8(ascii: "+"))
        guard east || reader.take(UInt8(ascii: "-")), let hours = reader.number(digits: 2), hours < 24 else { return nil }
        var minutes: Int64 = 0
        if reader.isAtDigit {
            guard let given = reader.number(digits: 2), given < 60 else { return nil }
            minutes = given
        }
        return (hours * 60 + minutes) * (east ? 60 : -60)
    }
}
