/// The order in which `>=` and `<=` put values when no schema says what they are.
enum FilterOrder {
    /// Whether a value stands in the given relation to the value of a filter.
    ///
    /// Two integers compare as numbers, two times as times, all else as folded bytes. A number in the filter and no number in the
    /// entry cannot be compared, and neither can two times of different zones or precision.
    static func compare(_ value: ArraySlice<UInt8>, with wanted: Filter.AssertionValue, by holds: (Int, Int) -> Bool) -> Truth {
        if let right = wanted.integer {
            guard let left = FilterInteger(value) else { return .unknown }
            return Truth(holds(left.value == right.value ? 0 : left.value < right.value ? -1 : 1, 0))
        }
        let folded = CaseIgnoreFolding.folded(value)
        if let left = TimeText(folded), let right = TimeText(wanted.folded) {
            guard left.zone == right.zone, left.digits.count == right.digits.count else { return .unknown }
            if left.digits != right.digits { return Truth(holds(order(left.digits, right.digits), 0)) }
            return Truth(holds(order(left.fraction, right.fraction), 0))
        }
        return Truth(holds(order(folded[...], wanted.folded[...]), 0))
    }

    private static func order(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
        if left.elementsEqual(right) { return 0 }
        return left.lexicographicallyPrecedes(right) ? -1 : 1
    }

    /// The parts of text that looks like a generalizedTime, already folded (RFC 4517 section 3.3.13).
    private struct TimeText {
        /// `YYYYMMDDHH[MM[SS]]`.
        let digits: ArraySlice<UInt8>
        /// The digits of the fraction without zeros at the end.
        let fraction: ArraySlice<UInt8>
        /// `z`, `+hhmm` or the like.
        let zone: ArraySlice<UInt8>

        init?(_ text: [UInt8]) {
            digits = text.prefix(while: AttributeName.isDigit)
            guard [10, 12, 14].contains(digits.count) else { return nil }
            var rest = text[digits.endIndex...]
            var fraction = rest.prefix(0)
            if rest.first == UInt8(ascii: ".") || rest.first == UInt8(ascii: ",") {
                rest = rest.dropFirst()
                fraction = rest.prefix(while: AttributeName.isDigit)
                guard !fraction.isEmpty else { return nil }
                rest = rest[fraction.endIndex...]
                while fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
            }
            let hasOffset = rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-")
            let isOffset = hasOffset && [3, 5].contains(rest.count) && rest.dropFirst().allSatisfy(AttributeName.isDigit)
            guard isOffset || rest.elementsEqual("z".utf8) else { return nil }
            self.fraction = fraction
            zone = rest
        }
    }
}
