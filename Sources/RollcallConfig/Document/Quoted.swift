/// A word from the file as messages show it: in backquotes, on one line, without control characters, cut when it is long.
struct Quoted: CustomStringConvertible {
    private static let mostScalars = 60
    let description: String

    init(_ text: String) {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(Quoted.mostScalars) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: shown.append("\u{FFFD}")
            default: shown.append(scalar)
            }
        }
        let isCut = text.unicodeScalars.count > Quoted.mostScalars
        description = "`" + String(shown) + (isCut ? "…`" : "`")
    }
}
