/// An account's further fields: names and values, in the order of the names.
public struct ExtraFields: Hashable, Sendable {
    /// One field.
    public struct Field: Hashable, Sendable {
        public var name: Text
        public var value: Text
    }

    /// The fields, each name once.
    public private(set) var fields: [Field] = []

    public init() {}

    /// A field's value; setting `nil` removes the field.
    public subscript(name: Text) -> Text? {
        get {
            let index = place(of: name)
            return index < fields.count && fields[index].name == name ? fields[index].value : nil
        }
        set {
            let index = fields.last.map { $0.name < name } ?? true ? fields.count : place(of: name)
            if index < fields.count, fields[index].name == name {
                if let newValue { fields[index].value = newValue } else { fields.remove(at: index) }
            } else if let newValue {
                fields.insert(Field(name: name, value: newValue), at: index)
            }
        }
    }

    /// Where a field of this name stands, or would stand.
    private func place(of name: Text) -> Int {
        var (low, high) = (0, fields.count)
        while low < high {
            let middle = (low + high) / 2
            if fields[middle].name < name { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The fields as one JSON object of strings, RFC 8259, in the order of the names; `nil` when there are none.
    public var json: Text? {
        if fields.isEmpty { return nil }
        var bytes: [UInt8] = [UInt8(ascii: "{")]
        for (index, field) in fields.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            field.name.utf8.withUnsafeBytes { ExtraFields.quote($0, into: &bytes) }
            bytes.append(UInt8(ascii: ":"))
            field.value.utf8.withUnsafeBytes { ExtraFields.quote($0, into: &bytes) }
        }
        bytes.append(UInt8(ascii: "}"))
        return Text(bytes)
    }

    /// Fields from a JSON object of strings; `nil` for anything else.
    public init?(json: Text) {
        var reader = FlatObjectReader(json.utf8)
        guard let pairs = reader.pairs() else { return nil }
        // Of one name twice the later value stands.
        let ordered = pairs.enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
        for (_, pair) in ordered {
            if fields.last?.name == pair.0 { fields.removeLast() }
            fields.append(Field(name: pair.0, value: pair.1))
        }
    }

    /// Appends a text as a JSON string, RFC 8259 section 7.
    public static func quote(_ text: UnsafeRawBufferPointer, into bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20: bytes.append(contentsOf: "\\u00\(Hexadecimal.text([byte]))".utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

/// Reads one JSON object whose values are strings. An application may have written it, so every JSON escape is understood.
private struct FlatObjectReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func pairs() -> [(Text, Text)]? {
        var result: [(Text, Text)] = []
        guard take(UInt8(ascii: "{")) else { return nil }
        if take(UInt8(ascii: "}")) { return atEnd() ? result : nil }
        repeat {
            guard let name = string(), take(UInt8(ascii: ":")), let value = string() else { return nil }
            result.append((name, value))
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}")) && atEnd() ? result : nil
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }

    private mutating func atEnd() -> Bool {
        skipSpace()
        return position == bytes.count
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func string() -> Text? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        var result: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") { return Text(result) }
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            guard position < bytes.count else { return nil }
            let escape = bytes[position]
            position += 1
            switch escape {
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0C)
            case UInt8(ascii: "u"):
                guard let scalar = escapedScalar() else { return nil }
                result.append(contentsOf: Array(String(Character(scalar)).utf8))
            default: result.append(escape)
            }
        }
        return nil
    }

    private mutating func escapedScalar() -> Unicode.Scalar? {
        guard let first = codeUnit() else { return nil }
        if (0xD800..<0xDC00).contains(first) {
            guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u") else {
                return nil
            }
            position += 2
            guard let second = codeUnit(), (0xDC00..<0xE000).contains(second) else { return nil }
            return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        }
        return Unicode.Scalar(first)
    }

    private mutating func codeUnit() -> UInt32? {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard position < bytes.count, let digit = Hexadecimal.value(of: bytes[position]) else { return nil }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
