/// A number of a filter or a resource: exact where it is an integer of 64 bits, else the nearest `Double`.
///
/// Numbers are equal, as parts of a filter, when they are written the same.
public struct ScimNumber: Hashable, Sendable {
    /// What a number is compared by.
    enum Value: Sendable {
        case integer(Int64)
        /// Infinite where the number is too large for a `Double`; never NaN.
        case real(Double)

        var real: Double {
            switch self {
            case .integer(let integer): Double(integer)
            case .real(let real): real
            }
        }
    }

    /// The number as it was written.
    public let text: [UInt8]

    let value: Value

    /// Reads a JSON number (RFC 8259 section 6), or gives `nil` where the text is none.
    public init?(_ text: some Collection<UInt8>) {
        let bytes = Array(text)
        guard let value = bytes.withUnsafeBufferPointer(Value.init) else { return nil }
        self.text = bytes
        self.value = value
    }

    public static func == (left: ScimNumber, right: ScimNumber) -> Bool { left.text == right.text }

    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension ScimNumber.Value {
    /// Reads a JSON number where it lies, or gives `nil` where the bytes are none.
    init?(_ text: UnsafeBufferPointer<UInt8>) {
        var index = 0
        let isNegative = text.first == UInt8(ascii: "-")
        if isNegative { index += 1 }
        let start = index
        var integer: Int64 = 0
        var isExact = true
        while index < text.count, AttributeName.isDigit(text[index]) {
            let (product, overflow) = integer.multipliedReportingOverflow(by: 10)
            let digit = Int64(text[index] &- UInt8(ascii: "0"))
            let (sum, overflowAgain) =
                isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            isExact = isExact && !overflow && !overflowAgain
            integer = isExact ? sum : 0
            index += 1
        }
        guard index > start, text[start] != UInt8(ascii: "0") || index == start + 1 else { return nil }
        if index == text.count, isExact {
            self = .integer(integer)
            return
        }
        if index < text.count, text[index] == UInt8(ascii: ".") {
            guard let end = Self.endOfDigits(text, from: index + 1) else { return nil }
            index = end
        }
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < text.count, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") { index += 1 }
            guard let end = Self.endOfDigits(text, from: index) else { return nil }
            index = end
        }
        guard index == text.count, let real = Double(String(decoding: text, as: UTF8.self)) else { return nil }
        self = .real(real)
    }

    /// The place after one or more digits, or `nil` where there is none.
    private static func endOfDigits(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < text.count, AttributeName.isDigit(text[index]) { index += 1 }
        return index > start ? index : nil
    }

    /// Whether the number passes a comparison with another; two integers are compared exactly.
    func compares(to other: ScimNumber.Value, by relation: ScimOperator) -> Bool {
        if case .integer(let left) = self, case .integer(let right) = other {
            return relation.accepts(isLess: left < right, isEqual: left == right)
        }
        let (left, right) = (real, other.real)
        return relation.accepts(isLess: left < right, isEqual: left == right)
    }
}
