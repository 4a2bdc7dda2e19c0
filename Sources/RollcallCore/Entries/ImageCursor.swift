/// Reads the fields of an image one after the other; past the end it yields empty fields and zeros.
struct ImageCursor {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position >= bytes.count }

    /// The next variable-length integer: seven bits an octet, lowest first.
    mutating func nextNumber() -> Int {
        var value = 0
        var shift = 0
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            value |= Int(byte & 0x7F) << shift
            if byte < 0x80 || shift >= 49 { break }
            shift += 7
        }
        return value
    }

    /// The next count of fields; each takes at least one octet, so there are no more than octets are left.
    mutating func nextCount() -> Int {
        let count = nextNumber()
        return min(count, bytes.count - position)
    }

    /// The next length and that many bytes, cut at the end of the image.
    mutating func nextField() -> ArraySlice<UInt8> {
        let length = nextNumber()
        let end = min(bytes.count, position + length)
        defer { position = end }
        return bytes[position..<end]
    }

    /// The next count and that many fields.
    mutating func nextFields() -> [ArraySlice<UInt8>] {
        let count = nextCount()
        if count == 0 { return [] }
        if count == 1 { return [nextField()] }
        var fields: [ArraySlice<UInt8>] = []
        for _ in 0..<count where !isAtEnd { fields.append(nextField()) }
        return fields
    }
}

extension [UInt8] {
    /// Appends a number in the image's variable-length form.
    mutating func appendImageNumber(_ number: Int) {
        var rest = UInt(bitPattern: Swift.max(number, 0))
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }
}
