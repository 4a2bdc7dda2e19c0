/// Writes the canonical, length-prefixed bytes in which plan rows and run records are kept and chained.
///
/// Numbers are variable-length (seven bits an octet, lowest first), texts and bytes have their length before them, and what may
/// be missing has one octet that says so.
struct RecordWriter {
    private(set) var bytes: [UInt8] = []

    init(reserving capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }

    mutating func write(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func write(_ number: Int) {
        write(UInt64(truncatingIfNeeded: number))
    }

    mutating func write(signed number: Int64) {
        write(UInt64(bitPattern: (number << 1) ^ (number >> 63)))
    }

    mutating func write(_ flag: Bool) {
        bytes.append(flag ? 1 : 0)
    }

    mutating func write(_ field: [UInt8]) {
        write(field.count)
        bytes.append(contentsOf: field)
    }

    mutating func write(_ text: Text) {
        write(text.utf8)
    }

    mutating func write(_ text: String) {
        write(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    mutating func write(optional text: Text?) {
        write(text != nil)
        if let text { write(text) }
    }

    mutating func write(optional text: String?) {
        write(text != nil)
        if let text { write(text) }
    }

    mutating func write(optional number: Int64?) {
        write(number != nil)
        if let number { write(signed: number) }
    }

    mutating func write(_ digest: Digest) {
        digest.append(to: &bytes)
    }
}
