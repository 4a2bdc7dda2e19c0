/// Decodes base64 (RFC 4648 section 4) into a buffer that is used again.
///
/// Padding is required, since its absence is how a cut value shows. Blanks are allowed only at the end.
struct Base64Decoder {
    private static let invalid: UInt8 = 0xFF

    private let table: [UInt8]
    /// The decoded bytes of the last call, and what is left of longer ones behind them.
    private(set) var output: [UInt8] = []

    init() {
        var table = [UInt8](repeating: Self.invalid, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, byte) in alphabet.utf8.enumerated() { table[Int(byte)] = UInt8(value) }
        self.table = table
    }

    /// Decodes text into ``output`` and gives the number of bytes; `nil` when it is not base64.
    mutating func decode(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        var count = text.count
        while count > 0, text[count - 1] == UInt8(ascii: " ") { count -= 1 }
        guard count % 4 == 0 else { return nil }
        guard count > 0 else { return 0 }
        var padding = 0
        while padding < 2, text[count - 1 - padding] == UInt8(ascii: "=") { padding += 1 }
        let size = count / 4 * 3
        if output.count < size { output = [UInt8](repeating: 0, count: max(size, 256)) }
        let isValid = table.withUnsafeBufferPointer { table in
            output.withUnsafeMutableBufferPointer { output in
                Self.decode(text, count, padding, table, output)
            }
        }
        return isValid ? size - padding : nil
    }

    private static func decode(
        _ text: UnsafeBufferPointer<UInt8>, _ count: Int, _ padding: Int, _ table: UnsafeBufferPointer<UInt8>,
        _ output: UnsafeMutableBufferPointer<UInt8>
    ) -> Bool {
        var errors: UInt8 = 0
        var target = 0
        var source = 0
        while source < count {
            let isLast = source + 4 == count
            let first = table[Int(text[source])]
            let second = table[Int(text[source + 1])]
            let third = isLast && padding == 2 ? 0 : table[Int(text[source + 2])]
            let fourth = isLast && padding >= 1 ? 0 : table[Int(text[source + 3])]
            errors |= (first | second | third | fourth) & 0xC0
            output[target] = first << 2 | second >> 4
            output[target + 1] = second << 4 | third >> 2
            output[target + 2] = third << 6 | fourth
            source += 4
            target += 3
        }
        return errors == 0
    }
}
