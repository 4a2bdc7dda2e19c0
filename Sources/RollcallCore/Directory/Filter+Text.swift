extension Filter: CustomStringConvertible {
    /// The filter as RFC 4515 text, with valid UTF-8 left readable.
    public var description: String { text() }

    /// The filter as RFC 4515 text, without spaces between its parts and with lower-case escapes.
    ///
    /// - Parameter escapingNonASCII: Whether every byte from 0x80 up is written as `\hh`, for servers and logs that want plain ASCII.
    ///   Bytes that are not UTF-8 always are.
    public func text(escapingNonASCII: Bool = false) -> String {
        var writer = TextWriter(escapesNonASCII: escapingNonASCII)
        writer.write(self)
        return String(decoding: writer.out, as: UTF8.self)
    }

    /// The text of an equality filter for a raw value, safe whatever the value holds.
    ///
    /// Everything but ASCII letters and digits is written as `\hh`, which suits binary identifiers.
    public static func equalityText(_ attribute: AttributeName, _ value: some Collection<UInt8>) -> String {
        var out = [UInt8(ascii: "(")] + attribute.written + [UInt8(ascii: "=")]
        out.reserveCapacity(out.count + 3 * value.count + 1)
        for byte in value {
            if (byte | 0x20) &- UInt8(ascii: "a") < 26 || AttributeName.isDigit(byte) {
                out.append(byte)
            } else {
                HexEscape.append(byte, to: &out)
            }
        }
        out.append(UInt8(ascii: ")"))
        return String(decoding: out, as: UTF8.self)
    }

    private struct TextWriter {
        let escapesNonASCII: Bool
        var out: [UInt8] = []

        init(escapesNonASCII: Bool) {
            self.escapesNonASCII = escapesNonASCII
        }

        mutating func write(_ filter: Filter) {
            out.append(UInt8(ascii: "("))
            switch filter {
            case .and(let parts):
                out.append(UInt8(ascii: "&"))
                for part in parts { write(part) }
            case .or(let parts):
                out.append(UInt8(ascii: "|"))
                for part in parts { write(part) }
            case .not(let part):
                out.append(UInt8(ascii: "!"))
                write(part)
            case .equality(let name, let value): write(name, "=", value)
            case .greaterOrEqual(let name, let value): write(name, ">=", value)
            case .lessOrEqual(let name, let value): write(name, "<=", value)
            case .approximate(let name, let value): write(name, "~=", value)
            case .presence(let name):
                out.append(contentsOf: name.written)
                out.append(contentsOf: "=*".utf8)
            case .substrings(let name, let pattern): write(name, pattern)
            case .extensible(let match): write(match)
            }
            out.append(UInt8(ascii: ")"))
        }

        private mutating func write(_ name: AttributeName, _ comparison: String, _ value: AssertionValue) {
            out.append(contentsOf: name.written)
            out.append(contentsOf: comparison.utf8)
            write(value.bytes)
        }

        private mutating func write(_ name: AttributeName, _ pattern: SubstringPattern) {
            out.append(contentsOf: name.written)
            out.append(UInt8(ascii: "="))
            write(pattern.initial ?? [])
            out.append(UInt8(ascii: "*"))
            for piece in pattern.any {
                write(piece)
                out.append(UInt8(ascii: "*"))
            }
            write(pattern.final ?? [])
        }

        private mutating func write(_ match: ExtensibleMatch) {
            out.append(contentsOf: match.attribute?.written ?? [])
            if match.dnAttributes { out.append(contentsOf: ":dn".utf8) }
            if let rule = match.rule {
                out.append(UInt8(ascii: ":"))
                out.append(contentsOf: rule.written)
            }
            out.append(contentsOf: ":=".utf8)
            write(match.value.bytes)
        }

        private mutating func write(_ value: [UInt8]) {
            value.withUnsafeBufferPointer { value in
                var index = 0
                while index < value.count {
                    let byte = value[index]
                    switch byte {
                    case UInt8(ascii: "*"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "\\"), 0..<0x20, 0x7F:
                        HexEscape.append(byte, to: &out)
                    case 0x80...:
                        guard !escapesNonASCII, let next = UTF8Scalar(value, at: index) else {
                            HexEscape.append(byte, to: &out)
                            break
                        }
                        out.append(contentsOf: value[index..<(index + next.length)])
                        index += next.length - 1
                    default:
                        out.append(byte)
                    }
                    index += 1
                }
            }
        }
    }
}
