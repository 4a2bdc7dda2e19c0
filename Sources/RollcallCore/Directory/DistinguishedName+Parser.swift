extension DistinguishedName {
    /// A reader of the text form, one pass from left to right (RFC 4514 section 3, RFC 2253 section 4).
    struct Parser {
        private let bytes: [UInt8]
        private var index = 0

        init(_ bytes: ArraySlice<UInt8>) {
            self.bytes = Array(bytes)
        }

        mutating func readName() throws(DistinguishedNameError) -> [RelativeName] {
            guard !bytes.isEmpty else { return [] }
            var rdns: [RelativeName] = []
            var components: [RelativeName.Component] = []
            while true {
                components.append(try readComponent())
                let separator = next
                index += 1
                if separator == UInt8(ascii: "+") { continue }
                if let rdn = RelativeName(components) { rdns.append(rdn) }
                components = []
                if separator == nil { return rdns }
            }
        }

        private var next: UInt8? { peek(0) }

        private func peek(_ distance: Int) -> UInt8? {
            let place = index + distance
            return place < bytes.count ? bytes[place] : nil
        }

        private func failure(_ reason: String, at offset: Int? = nil) -> DistinguishedNameError {
            DistinguishedNameError(offset: min(offset ?? index, bytes.count), reason: reason)
        }

        private mutating func skipSpaces() {
            while next == UInt8(ascii: " ") { index += 1 }
        }

        /// Reads `type=value` and stops at a separator or at the end.
        private mutating func readComponent() throws(DistinguishedNameError) -> RelativeName.Component {
            skipSpaces()
            let type = try readType()
            skipSpaces()
            guard next == UInt8(ascii: "=") else {
                throw failure("\"\(type)\" is not followed by \"=\" and a value")
            }
            index += 1
            skipSpaces()
            let value: [UInt8]
            switch next {
            case UInt8(ascii: "#"): value = try readEncoded()
            case UInt8(ascii: "\""): value = try readQuoted()
            default: value = try readPlain()
            }
            guard next == nil || isSeparator(next) else {
                throw failure("only \",\", \"+\" or the end may follow a value in quotes or after \"#\"")
            }
            return RelativeName.Component(type: type, value: value)
        }

        private func isSeparator(_ byte: UInt8?) -> Bool {
            byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "+")
        }

        private mutating func readType() throws(DistinguishedNameError) -> AttributeName {
            let start = index
            while let byte = next, AttributeName.isKeyByte(byte) || byte == UInt8(ascii: ".") { index += 1 }
            var text = bytes[start..<index]
            // RFC 2253 section 4 asks readers to accept this prefix of RFC 1779.
            if text.count > 4, text.prefix(4).map(AttributeName.lowercased).elementsEqual("oid.".utf8) { text = text.dropFirst(4) }
            if let type = AttributeName(bytes: text) { return type }
            if start == index {
                throw failure(
                    next == nil
                        ? "it ends where an attribute such as \"ou\" should stand" : "an attribute such as \"ou\" should stand here")
            }
            throw failure("\"\(String(decoding: bytes[start..<index], as: UTF8.self))\" is not an attribute name", at: start)
        }

        /// Reads a value without quotes; spaces at its end do not belong to it unless escaped.
        private mutating func readPlain() throws(DistinguishedNameError) -> [UInt8] {
            var value: [UInt8] = []
            var significant = 0
            while let byte = next, !isSeparator(byte) {
                switch byte {
                case UInt8(ascii: "\\"):
                    value.append(try readEscape())
                    significant = value.count
                case UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"):
                    let character = String(decoding: [byte], as: UTF8.self)
                    throw failure("a \(character) in a value needs a backslash before it")
                case 0:
                    throw failure("a NUL byte in a value is written as \\00")
                default:
                    value.append(byte)
                    index += 1
                    if byte != UInt8(ascii: " ") { significant = value.count }
                }
            }
            value.removeLast(value.count - significant)
            return value
        }

        private mutating func readQuoted() throws(DistinguishedNameError) -> [UInt8] {
            let start = index
            var value: [UInt8] = []
            index += 1
            while let byte = next {
                switch byte {
                case UInt8(ascii: "\\"):
                    value.append(try readEscape())
                case UInt8(ascii: "\""):
                    index += 1
                    skipSpaces()
                    return value
                case 0:
                    throw failure("a NUL byte in a value is written as \\00")
                default:
                    value.append(byte)
                    index += 1
                }
            }
            throw failure("the value in quotes has no closing quote", at: start)
        }

        private mutating func readEscape() throws(DistinguishedNameError) -> UInt8 {
            if let byte = HexEscape.byte(peek(1), peek(2)) {
                index += 3
                return byte
            }
            switch peek(1) {
            case let byte? where " \"#+,;<=>\\".utf8.contains(byte):
                index += 2
                return byte
            default:
                throw failure("a backslash must be followed by a special character or by two hexadecimal digits")
            }
        }

        /// Reads `#` and the hexadecimal digits of one BER value, and gives its contents.
        private mutating func readEncoded() throws(DistinguishedNameError) -> [UInt8] {
            let start = index
            var encoding: [UInt8] = []
            index += 1
            while let byte = next, byte != UInt8(ascii: " "), !isSeparator(byte) {
                guard let octet = HexEscape.byte(byte, peek(1)) else {
                    throw failure("\"#\" must be followed by pairs of hexadecimal digits")
                }
                encoding.append(octet)
                index += 2
            }
            skipSpaces()
            guard let contents = Self.contents(ofBER: encoding) else {
                throw failure("the digits after \"#\" are not the encoding (BER) of exactly one value", at: start)
            }
            return contents
        }

        /// The contents of one primitive value with a one-byte tag and a definite length, or `nil`.
        private static func contents(ofBER bytes: [UInt8]) -> [UInt8]? {
            guard bytes.count >= 2, bytes[0] & 0x20 == 0, bytes[0] & 0x1F != 0x1F else { return nil }
            var length = Int(bytes[1])
            var start = 2
            if length >= 0x80 {
                let octets = length - 0x80
                guard (1...4).contains(octets), bytes.count >= 2 + octets else { return nil }
                length = bytes[2..<(2 + octets)].reduce(0) { $0 << 8 | Int($1) }
                start = 2 + octets
            }
            return length == bytes.count - start ? Array(bytes[start...]) : nil
        }
    }
}
