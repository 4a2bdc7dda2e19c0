/// The bytes of a config file as text that YAML can hold.
struct ConfigText {
    let text: String

    init(_ bytes: [UInt8]) throws(EncodingProblem) {
        var content = bytes[...]
        if content.starts(with: [0xFF, 0xFE]) || content.starts(with: [0xFE, 0xFF]) {
            throw EncodingProblem(place: .start, message: "the file is UTF-16, not UTF-8", advice: "save it as UTF-8")
        }
        // A byte order mark, as some Windows editors write it.
        if content.starts(with: [0xEF, 0xBB, 0xBF]) { content = content.dropFirst(3) }

        var decoder = UTF8()
        var iterator = content.makeIterator()
        var scalars = String.UnicodeScalarView()
        var place = Place.start
        decoding: while true {
            switch decoder.decode(&iterator) {
            case .emptyInput:
                break decoding
            case .error:
                throw EncodingProblem(place: place, message: "the file is not UTF-8 here", advice: "save it as UTF-8")
            case .scalarValue(let scalar):
                guard ConfigText.isPrintable(scalar) else {
                    let number = String(scalar.value, radix: 16, uppercase: true)
                    throw EncodingProblem(
                        place: place,
                        message: "a control character (U+\(String(repeating: "0", count: max(0, 4 - number.count)))\(number)) stands here",
                        advice: "remove it")
                }
                scalars.append(scalar)
                place = scalar == "\n" ? Place(line: place.line + 1, column: 1) : Place(line: place.line, column: place.column + 1)
            }
        }
        text = String(scalars)
    }

    /// The characters that YAML 1.2 section 5.1 lets a file hold.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }
}

/// Why bytes are no text.
struct EncodingProblem: Error {
    let place: Place
    let message: String
    let advice: String
}
