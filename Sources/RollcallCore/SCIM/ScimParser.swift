/// A reader of filters and paths, one pass from left to right.
///
/// This part knows bytes, spaces and words; `ScimFilter+Parsing` and `ScimPath+Parsing` know what may follow what.
struct ScimParser {
    let bytes: [UInt8]
    var index = 0

    /// The longest text that is read, in bytes.
    static let maximumLength = 64 << 10

    init(_ text: String) throws(ScimSyntaxError) {
        bytes = Array(text.utf8)
        guard bytes.count <= Self.maximumLength else {
            throw ScimSyntaxError(
                offset: Self.maximumLength,
                message: "the text has \(bytes.count) bytes; \(Self.maximumLength) are read at most, so make it shorter")
        }
    }

    /// The byte that comes next, or `nil` at the end.
    var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    func failure(_ message: String, at offset: Int? = nil) -> ScimSyntaxError {
        ScimSyntaxError(offset: offset ?? index, message: message)
    }

    /// An error about the byte that comes next, shown where it is printable.
    func unexpected(_ message: String) -> ScimSyntaxError {
        guard let byte = next else { return failure("the text ends here; \(message)") }
        guard (0x21...0x7E).contains(byte), byte != UInt8(ascii: "\"") else { return failure(message) }
        return failure("\"\(Unicode.Scalar(byte))\" cannot stand here; \(message)")
    }

    /// A range of the text in quotes where it is short and printable, else `nil`.
    func quoted(_ range: Range<Int>) -> String? {
        guard (1...40).contains(range.count), bytes[range].allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        return "\"\(String(decoding: bytes[range], as: UTF8.self))\""
    }

    /// Steps over white space and says whether there was any.
    @discardableResult
    mutating func skipSpaces() -> Bool {
        let start = index
        while let byte = next, Self.isSpace(byte) { index += 1 }
        return index > start
    }

    mutating func skipName() {
        while let byte = next, Self.isNameByte(byte) { index += 1 }
    }

    /// Steps over a word, given in lower case, where it comes next and a space, a parenthesis or the end follows it.
    mutating func take(_ word: StaticString) -> Bool {
        let end = index + word.utf8CodeUnitCount
        guard end <= bytes.count, ScimFolding.isWord(bytes[index..<end], word) else { return false }
        if end < bytes.count, !Self.isSpace(bytes[end]), bytes[end] != UInt8(ascii: "(") { return false }
        index = end
        return true
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte) }

    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

    static func isNameByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || AttributeName.isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: "$")
    }
}
