/// A decimal number as filters compare it: signed, 64 bits, held at the limits instead of overflowing.
struct FilterInteger: Sendable {
    let value: Int64
    /// Whether the number was beyond the limits, so that `value` is only the nearest one.
    let isSaturated: Bool

    /// Reads an optional `-` and digits with nothing else but spaces round them, or gives `nil`.
    init?(_ text: ArraySlice<UInt8>) {
        var digits = text.drop { $0 == UInt8(ascii: " ") }
        while digits.last == UInt8(ascii: " ") { digits.removeLast() }
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits.removeFirst() }
        guard !digits.isEmpty, digits.allSatisfy(AttributeName.isDigit) else { return nil }
        var value: Int64 = 0
        for byte in digits {
            let digit = Int64(byte &- UInt8(ascii: "0"))
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowAgain) =
                isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            if overflow || overflowAgain {
                self.value = isNegative ? .min : .max
                isSaturated = true
                return
            }
            value = sum
        }
        self.value = value
        isSaturated = false
    }

    /// The bits of both numbers, or `nil` where one was beyond the limits.
    ///
    /// Active Directory keeps flags in signed 32-bit numbers while filters often give the same bits without a sign. Numbers that both
    /// have a 32-bit form are therefore compared in it.
    static func bits(_ left: FilterInteger, _ right: FilterInteger) -> (UInt64, UInt64)? {
        guard !left.isSaturated, !right.isSaturated else { return nil }
        let narrow = Int64(Int32.min)...Int64(UInt32.max)
        if narrow.contains(left.value), narrow.contains(right.value) {
            return (UInt64(UInt32(truncatingIfNeeded: left.value)), UInt64(UInt32(truncatingIfNeeded: right.value)))
        }
        return (UInt64(bitPattern: left.value), UInt64(bitPattern: right.value))
    }
}
