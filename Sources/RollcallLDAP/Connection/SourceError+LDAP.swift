import CLDAP
import RollcallCore

extension SourceError {
    static func cancelled(_ subject: String) -> SourceError {
        SourceError(.cancelled, subject: subject, message: "the run was told to stop")
    }

    /// libldap's words for one of its own codes, which are mostly negative.
    static func clientMessage(_ code: Int32) -> String {
        guard let text = ldap_err2string(code) else { return "error \(code)" }
        return "\(oneLine(text)) (\(code))"
    }

    /// Text of the server's or a library's, fit for one line: control characters become spaces, 200 bytes at most.
    static func oneLine(_ text: UnsafePointer<CChar>) -> String {
        oneLine(String(cString: text))
    }

    static func oneLine(_ text: String) -> String {
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
