package import RollcallCore

extension SourceError {
    package static func cancelled(_ subject: String) -> SourceError {
        SourceError(.cancelled, subject: subject, message: "the run was told to stop")
    }

    /// Text from outside, fit for one line: control characters become spaces, 200 bytes at most.
    package static func oneLine(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        var size = 0
        for scalar in text.unicodeScalars {
            size += UTF8.width(scalar)
            if size > 200 {
                scalars.append("…")
                break
            }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: scalars.append(" ")
            default: scalars.append(scalar)
            }
        }
        return String(scalars).split(separator: " ").joined(separator: " ")
    }
}
