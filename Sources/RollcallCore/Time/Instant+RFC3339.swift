extension Instant {
    /// Reads an RFC 3339 date-time (section 5.6), or returns `nil` when it is anything else.
    ///
    /// The zone is required. `T` and `Z` may be lower case and a space may stand for the `T`. Digits after the sixth of the
    /// fraction are dropped. Second 60 is accepted as 23:59:60 in UTC and read as the first second of
    /// the next day.
    public init?(rfc3339 text: String) {
        self.init(rfc3339: Array(text.utf8))
    }

    /// Reads the bytes of an RFC 3339 date-time (section 5.6), or returns `nil` when they are anything else.
    public init?(rfc3339 bytes: [UInt8]) {
        var reader = DigitReader(bytes)
        guard let year = reader.number(digits: 4), reader.take(UInt8(ascii: "-")),
            let month = reader.number(digits: 2), reader.take(UInt8(ascii: "-")),
            let day = reader.number(digits: 2),
            reader.take(UInt8(ascii: "T")) || reader.take(UInt8(ascii: "t")) || reader.take(UInt8(ascii: " ")),
            let hour = reader.number(digits: 2), hour < 24, reader.take(UInt8(ascii: ":")),
            let minute = reader.number(digits: 2), minute < 60, reader.take(UInt8(ascii: ":")),
            let second = reader.number(digits: 2), second <= 60,
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        var fraction: Int64 = 0
        if reader.take(UInt8(ascii: ".")) {
            guard let digits = reader.fraction(of: 1_000_000) else { return nil }
            fraction = digits
        }
        var offset: Int64 = 0
        if !reader.take(UInt8(ascii: "Z")), !reader.take(UInt8(ascii: "z")) {
            let east = reader.take(UInt8(ascii: "+"))
            guard east || reader.take(UInt8(ascii: "-")), let hours = reader.number(digits: 2), hours < 24,
                reader.take(UInt8(ascii: ":")), let minutes = reader.number(digits: 2), minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * (east ? 60 : -60)
        }
        guard reader.isAtEnd else { return nil }
        let seconds = date.daysSince1970 * 86_400 + hour * 3_600 + minute * 60 + second - offset
        guard second < 60 || seconds % 86_400 == 0 else { return nil }
        self.init(microseconds: seconds * 1_000_000 + fraction)
    }
}

extension Instant: CustomStringConvertible {
    /// The instant in RFC 3339 form with `Z`: seconds, and a fraction of up to six digits only when it is not zero.
    ///
    /// Years outside 0000–9999, which RFC 3339 cannot write, get a sign as in ISO 8601 (`+12024-…`, `-0044-…`).
    public var description: String {
        let seconds = unixSeconds
        let days = seconds.flooredQuotient(86_400)
        let second = seconds - days * 86_400
        let date = CivilDate(daysSince1970: days)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(27)
        if date.year < 0 { bytes.append(UInt8(ascii: "-")) }
        if date.year > 9_999 { bytes.append(UInt8(ascii: "+")) }
        Instant.append(abs(date.year), digits: 4, to: &bytes)
        Instant.append(date.month, digits: 2, after: "-", to: &bytes)
        Instant.append(date.day, digits: 2, after: "-", to: &bytes)
        Instant.append(second / 3_600, digits: 2, after: "T", to: &bytes)
        Instant.append(second / 60 % 60, digits: 2, after: ":", to: &bytes)
        Instant.append(second % 60, digits: 2, after: ":", to: &bytes)
        // The remainder is taken from the remainder so that the earliest instant does not overflow.
        let remainder = microseconds % 1_000_000
        let fraction = remainder < 0 ? remainder + 1_000_000 : remainder
        if fraction != 0 {
            Instant.append(fraction, digits: 6, after: ".", to: &bytes)
            while bytes.last == UInt8(ascii: "0") { bytes.removeLast() }
        }
        bytes.append(UInt8(ascii: "Z"))
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func append(_ number: Int64, digits: Int, after mark: Unicode.Scalar? = nil, to bytes: inout [UInt8]) {
        if let mark { bytes.append(UInt8(ascii: mark)) }
        let text = String(number).utf8
        for _ in 0..<max(0, digits - text.count) { bytes.append(UInt8(ascii: "0")) }
        bytes.append(contentsOf: text)
    }
}

extension Instant {
    /// The time to the second, as a person needs it.
    public var wholeSeconds: String { Instant(unixSeconds: unixSeconds).description }
}
