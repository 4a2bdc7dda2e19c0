/// Collects the first line of a CSV file, before which nobody knows what separates its cells.
struct CSVHeaderLine {
    /// The line as far as it has come, with the empty lines before it.
    private(set) var bytes: [UInt8] = []
    private var isInQuotes = false
    private var hasContent = false

    /// Takes bytes up to the end of the line and gives their number; the line is complete when it is less than there were.
    mutating func take(_ chunk: UnsafeBufferPointer<UInt8>) -> Int {
        for (index, byte) in chunk.enumerated() {
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                if hasContent, !isInQuotes { return index }
            } else {
                hasContent = true
                if byte == UInt8(ascii: "\"") { isInQuotes.toggle() }
            }
            bytes.append(byte)
        }
        return chunk.count
    }

    /// Comma, semicolon or tab, whichever is in the line most often outside of quotes; comma when there is none.
    var separator: UInt8 {
        var counts: [UInt8: Int] = [:]
        var isInQuotes = false
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { isInQuotes.toggle() }
            if !isInQuotes { counts[byte, default: 0] += 1 }
        }
        var best = UInt8(ascii: ",")
        for candidate in [UInt8(ascii: ";"), UInt8(ascii: "\t")] where counts[candidate, default: 0] > counts[best, default: 0] {
            best = candidate
        }
        return best
    }
}
