internal import RollcallCore

/// Text as Markdown shows it, whatever it holds.
///
/// A backslash is not enough: many renderers look for addresses, mentions and issue numbers only after escapes are resolved. What is
/// in a code span none of them looks into, so every value from outside stands in one, and so does a sentence with anything but
/// letters, digits, blanks and a little punctuation.
enum MarkdownText {
    /// A value from outside.
    ///
    /// - Parameter inTable: whether it stands in a table, whose cells a `|` would end even within a code span.
    static func value(_ text: DisplayText, inTable: Bool = true) -> String {
        code(text.text, inTable: inTable)
    }

    /// A sentence that may quote values from outside: as it is when nothing in it could be markup, else as a code span.
    static func sentence(_ text: String, inTable: Bool = true) -> String {
        isPlain(text) ? text : code(text, inTable: inTable)
    }

    private static func code(_ text: String, inTable: Bool) -> String {
        guard !text.isEmpty else { return "" }
        let content = inTable ? withoutBars(text) : text
        let fence = String(repeating: "`", count: longestRun(of: "`", in: content) + 1)
        let needsBlanks = content.hasPrefix("`") || content.hasSuffix("`") || content.hasPrefix(" ") || content.hasSuffix(" ")
        return needsBlanks ? "\(fence) \(content) \(fence)" : fence + content + fence
    }

    /// The text with every bar escaped as tables want it; behind a backslash, on which they do not agree, it is written out.
    private static func withoutBars(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "|")) else { return text }
        var result = ""
        var isAfterBackslash = false
        for scalar in text.unicodeScalars {
            if scalar == "|" {
                result += isAfterBackslash ? "\\u{7C}" : "\\|"
            } else {
                result.unicodeScalars.append(scalar)
            }
            isAfterBackslash = scalar == "\\"
        }
        return result
    }

    private static func longestRun(of mark: Unicode.Scalar, in text: String) -> Int {
        var longest = 0
        var run = 0
        for scalar in text.unicodeScalars {
            run = scalar == mark ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }

    /// Whether nothing in the text is markup anywhere, nor looks like an address, a mention or a number of an issue.
    private static func isPlain(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.indices.allSatisfy { index in
            let before = index > 0 ? bytes[index - 1] : UInt8(ascii: " ")
            let after = index + 1 < bytes.count ? bytes[index + 1] : UInt8(ascii: " ")
            switch bytes[index] {
            case UInt8(ascii: " "): return before != UInt8(ascii: " ") && index + 1 < bytes.count
            case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "."):
                return after == UInt8(ascii: " ") && isLetter(before)
            case UInt8(ascii: "-"): return isLetter(before) && isLetter(after)
            case UInt8(ascii: "0")...UInt8(ascii: "9"): return true
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): return true
            case let byte: return isLetter(byte)
            }
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }
}
