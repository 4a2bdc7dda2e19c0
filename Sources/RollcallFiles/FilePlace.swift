import RollcallCore

/// A file as errors name it.
struct FilePlace: Sendable {
    let path: String

    /// The error for text that breaks the file's format.
    func malformed(_ line: Int, _ message: String, advice: String = "") -> SourceError {
        SourceError(.malformed, subject: subject(line), message: message, advice: advice)
    }

    /// The path and a line, such as `people.ldif:123`.
    func subject(_ line: Int) -> String { "\(path):\(line)" }

    /// A piece of the file as it may stand in a message: at most forty characters, none of them a control character.
    static func excerpt(_ bytes: some Collection<UInt8>) -> String {
        let text = String(decoding: bytes.prefix(160), as: UTF8.self)
        let shown = text.unicodeScalars.prefix(40).map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: "\u{FFFD}" as Unicode.Scalar
            default: scalar
            }
        }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: shown)
        return String(result) + (text.unicodeScalars.count > 40 ? "…" : "")
    }
}
