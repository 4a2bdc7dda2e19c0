/// A time as HTTP writes it (RFC 9110 section 5.6.7).
public enum HTTPDate {
    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT` and the two obsolete forms, `Sunday, 06-Nov-94 08:49:37 GMT` and
    /// `Sun Nov  6 08:49:37 1994`, or returns `nil`.
    ///
    /// The day of the week is not looked at. A year of two digits is taken as 1970 to 2069.
    public static func parse(_ text: String) -> Instant? {
        let words = text.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "-") }.map { Array($0) }
        switch words.count {
        case 6 where words[5].elementsEqual("GMT".utf8): return instant(day: words[1], month: words[2], year: words[3], time: words[4])
        case 5: return instant(day: words[2], month: words[1], year: words[4], time: words[3])
        default: return nil
        }
    }

    private static func instant(day: [UInt8], month: [UInt8], year: [UInt8], time: [UInt8]) -> Instant? {
        guard let day = number(day, 1...2), let month = months.firstIndex(where: { $0.utf8.elementsEqual(month) }),
            let given = number(year, 2...4), year.count != 3
        else { return nil }
        let full = year.count == 4 ? given : given + (given < 70 ? 2000 : 1900)
        let parts = time.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 3, let date = CivilDate(year: full, month: Int64(month) + 1, day: day),
            let hour = number(Array(parts[0]), 2...2), hour < 24, let minute = number(Array(parts[1]), 2...2), minute < 60,
            let second = number(Array(parts[2]), 2...2), second <= 60
        else { return nil }
        return Instant(unixSeconds: date.daysSince1970 * 86_400 + hour * 3_600 + minute * 60 + second)
    }

    private static func number(_ bytes: [UInt8], _ digits: ClosedRange<Int>) -> Int64? {
        guard digits.contains(bytes.count) else { return nil }
        var reader = DigitReader(bytes)
        guard let number = reader.number(digits: bytes.count), reader.isAtEnd else { return nil }
        return number
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
