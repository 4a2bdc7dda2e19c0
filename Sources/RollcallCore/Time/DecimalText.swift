/// A whole number in decimal text, as LDAP writes INTEGER values (RFC 4517, section 3.3.16), leading zeros allowed.
enum DecimalText: Equatable {
    case number(Int64)
    /// Digits without a sign whose number is greater than `Int64.max`.
    case tooLarge

    /// Reads an optional `-` and digits, or returns `nil` when the bytes are anything else or lie below `Int64.min`.
    static func parse(_ bytes: [UInt8]) -> DecimalText? {
        let isNegative = bytes.first == UInt8(ascii: "-")
        let digits = bytes.dropFirst(isNegative ? 1 : 0)
        guard !digits.isEmpty else { return nil }
        // Counted below zero, where there is room for one more.
        var negated: Int64 = 0
        var overflows = false
        for byte in digits {
            let digit = Int64(byte) - 48
            guard (0...9).contains(digit) else { return nil }
            let (product, productOverflows) = negated.multipliedReportingOverflow(by: 10)
            let (difference, differenceOverflows) = product.subtractingReportingOverflow(digit)
            overflows = overflows || productOverflows || differenceOverflows
            negated = overflows ? 0 : difference
        }
        if isNegative { return overflows ? nil : .number(negated) }
        return overflows || negated == .min ? .tooLarge : .number(-negated)
    }
}
