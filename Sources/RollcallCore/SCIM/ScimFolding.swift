/// Comparison of text without regard to letter case, every space counting (RFC 7643 section 2.2: `caseExact` is false by default).
///
/// Letters go to lower case scalar by scalar. Bytes that are not UTF-8 stay as they are.
enum ScimFolding {
    /// The lower-case form of text.
    static func folded(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte >= 0x80, let next = UTF8Scalar(text, at: index) {
                out.append(contentsOf: next.scalar.properties.lowercaseMapping.utf8)
                index += next.length
            } else {
                out.append(AttributeName.lowercased(byte))
                index += 1
            }
        }
        return out
    }

    /// The ASCII letters of text in lower case, all else as it is.
    static func name(_ text: ArraySlice<UInt8>) -> [UInt8] { text.map(AttributeName.lowercased) }

    static func isASCII(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var all: UInt8 = 0
        for byte in text { all |= byte }
        return all < 0x80
    }

    /// Whether text is a word that is given in lower-case ASCII.
    static func isWord(_ text: some Collection<UInt8>, _ word: StaticString) -> Bool {
        word.withUTF8Buffer { word in
            text.count == word.count && zip(text, word).allSatisfy { AttributeName.lowercased($0) == $1 }
        }
    }

    /// The boolean that text names in any case, or `nil`.
    static func boolean(_ text: UnsafeBufferPointer<UInt8>) -> Bool? {
        if isWord(text, "true") { return true }
        return isWord(text, "false") ? false : nil
    }
}
