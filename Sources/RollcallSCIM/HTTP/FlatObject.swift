/// The strings and numbers of a small JSON object (RFC 8259); what is nested in it is stepped over.
struct FlatObject {
    /// The members of `json` in their order, with the unescaped bytes of a string or the literal of a number.
    static func members(of json: [UInt8]) -> [(name: String, text: [UInt8])]? {
        var reader = FlatObject(json)
        guard reader.take("{") else { return nil }
        var members: [(name: String, text: [UInt8])] = []
        if !reader.take("}") {
            repeat {
                guard let name = reader.string(), reader.take(":") else { return nil }
                if reader.next == UInt8(ascii: "\"") {
                    guard let text = reader.string() else { return nil }
                    members.append((String(decoding: name, as: UTF8.self), text))
                } else if let number = reader.literal() {
                    members.append((String(decoding: name, as: UTF8.self), number))
                } else if !reader.skipNested() {
                    return nil
                }
            } while reader.take(",")
            guard reader.take("}") else { return nil }
        }
        return reader.next == nil ? members : nil
    }

    private let bytes: [UInt8]
    private var place = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The next byte that is not blank.
    private var next: UInt8? {
        mutating get {
            while place < bytes.count, [32, 9, 10, 13].contains(bytes[place]) { place += 1 }
            return place < bytes.count ? bytes[place] : nil
        }
    }

    private mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: mark) else { return false }
        place += 1
        return true
    }

    /// A number, `true`, `false` or `null`, unchecked.
    private mutating func literal() -> [UInt8]? {
        guard let first = next, first != UInt8(ascii: "{"), first != UInt8(ascii: "[") else { return nil }
        let literal = bytes[place...].prefix { byte in
            (48...57).contains(byte) || (97...122).contains(byte) || "+-.E".utf8.contains(byte)
        }
        place = literal.endIndex
        return literal.isEmpty ? nil : Array(literal)
    }

    private mutating func string() -> [UInt8]? {
        guard take("\"") else { return nil }
        var text: [UInt8] = []
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            switch byte {
            case UInt8(ascii: "\""): return text
            case UInt8(ascii: "\\"):
                guard let unescaped = escape() else { return nil }
                text += unescaped
            case ..<0x20: return nil
            default: text.append(byte)
            }
        }
        return nil
    }

    private mutating func escape() -> [UInt8]? {
        guard place < bytes.count else { return nil }
        let letter = bytes[place]
        place += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [letter]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"):
            // No token needs more than one unit; half a pair is refused with it.
            guard bytes.count - place >= 4, let unit = UInt32(String(decoding: bytes[place..<(place + 4)], as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(unit)
            else { return nil }
            place += 4
            return Array(String(Character(scalar)).utf8)
        default: return nil
        }
    }

    /// Steps over an object or array, however deep, by counting its brackets.
    private mutating func skipNested() -> Bool {
        var depth = 0
        repeat {
            guard let byte = next else { return false }
            if byte == UInt8(ascii: "\"") {
                guard string() != nil else { return false }
                continue
            }
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { depth += 1 }
            if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { depth -= 1 }
            place += 1
        } while depth > 0
        return depth == 0
    }
}
