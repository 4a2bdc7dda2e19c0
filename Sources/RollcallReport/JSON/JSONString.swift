/// The string form of JSON (RFC 8259 section 7).
enum JSONString {
    /// Appends `text`, which is UTF-8, in quotes and with its escapes.
    static func append(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        if text.allSatisfy(isPlain) {
            bytes.append(contentsOf: text)
        } else {
            appendEscaped(text, to: &bytes)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// A hexadecimal digit for the low four bits.
    static func digit(_ value: UInt8) -> UInt8 {
        let value = value & 15
        return value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    /// Copies what needs no escape in runs, and writes the escapes between them.
    private static func appendEscaped(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
        var kept = 0
        var offset = 0
        while offset < text.count {
            let byte = text[offset]
            if isPlain(byte) {
                offset += 1
            } else if (0xC3...0xCB).contains(byte) {
                // U+00C0 to U+02FF: letters, all of two bytes.
                offset += 2
            } else {
                let end = min(offset + length(ofSequence: byte), text.count)
                let sequence = UnsafeBufferPointer(rebasing: text[offset..<end])
                if let scalar = String(decoding: sequence, as: UTF8.self).unicodeScalars.first, mustEscape(scalar) {
                    bytes.append(contentsOf: text[kept..<offset])
                    appendEscape(scalar, to: &bytes)
                    kept = end
                }
                offset = end
            }
        }
        if kept < text.count { bytes.append(contentsOf: text[kept...]) }
    }

    private static func length(ofSequence lead: UInt8) -> Int {
        switch lead {
        case ..<0xC0: 1
        case ..<0xE0: 2
        case ..<0xF0: 3
        default: 4
        }
    }

    private static func mustEscape(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\"" || scalar == "\\" || isActive(scalar)
    }

    private static func appendEscape(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\\"))
        switch scalar {
        case "\"", "\\": bytes.append(UInt8(truncatingIfNeeded: scalar.value))
        case "\n": bytes.append(UInt8(ascii: "n"))
        case "\r": bytes.append(UInt8(ascii: "r"))
        case "\t": bytes.append(UInt8(ascii: "t"))
        default:
            bytes.removeLast()
            for unit in String(scalar).utf16 { appendEscape(unit: unit, to: &bytes) }
        }
    }

    /// Whether a terminal would act on the scalar, or not show it.
    private static func isActive(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20..<0x7F, 0xA0..<0xAD, 0xAE..<0x300: return false
        case ..<0xA0: return true
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned: return true
        default: return scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    private static func appendEscape(unit: UInt16, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(UInt8(ascii: "u"))
        for shift: UInt16 in [12, 8, 4, 0] { bytes.append(digit(UInt8(truncatingIfNeeded: unit >> shift))) }
    }
}
