/// The preparation of text for comparison without regard to letter case and repeated spaces.
///
/// Letters go to lower case scalar by scalar, spaces at both ends go away, and a run of spaces inside becomes one
/// (caseIgnoreMatch, RFC 4517 section 4.2.11, with the space handling of RFC 4518 section 2.6.1). Bytes that are not UTF-8 stay as
/// they are. Unicode normalisation (RFC 4518 section 2.3) and the mapping of control characters are left out: both sides of a
/// comparison come from the same directory, and a control character that vanished would make two names one.
enum CaseIgnoreFolding {
    /// Appends the folded form of text to a buffer.
    static func append(_ text: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
        let start = out.count
        out.reserveCapacity(start + text.count)
        var owesSpace = false
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: " ") {
                owesSpace = out.count > start
                index += 1
                continue
            }
            if owesSpace {
                out.append(UInt8(ascii: " "))
                owesSpace = false
            }
            if byte < 0x80 {
                out.append(AttributeName.lowercased(byte))
                index += 1
            } else if let next = UTF8Scalar(text, at: index) {
                out.append(contentsOf: next.scalar.properties.lowercaseMapping.utf8)
                index += next.length
            } else {
                out.append(byte)
                index += 1
            }
        }
    }

    /// The folded form of text.
    static func folded(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        text.withUnsafeBufferPointer { append($0, to: &out) }
        return out
    }

    /// Whether text folds to the given bytes, found without a copy as long as the text is ASCII.
    static func isEqual(_ text: ArraySlice<UInt8>, toFolded folded: [UInt8]) -> Bool {
        text.withUnsafeBufferPointer { text in
            folded.withUnsafeBufferPointer { folded in
                isEqual(text, toFolded: folded)
            }
        }
    }

    private static func isEqual(_ text: UnsafeBufferPointer<UInt8>, toFolded folded: UnsafeBufferPointer<UInt8>) -> Bool {
        var matched = 0
        var owesSpace = false
        for byte in text {
            if byte == UInt8(ascii: " ") {
                owesSpace = matched > 0
                continue
            }
            if byte >= 0x80 {
                var out: [UInt8] = []
                append(text, to: &out)
                return out.elementsEqual(folded)
            }
            if owesSpace {
                guard matched < folded.count, folded[matched] == UInt8(ascii: " ") else { return false }
                matched += 1
                owesSpace = false
            }
            guard matched < folded.count, folded[matched] == AttributeName.lowercased(byte) else { return false }
            matched += 1
        }
        return matched == folded.count
    }
}
