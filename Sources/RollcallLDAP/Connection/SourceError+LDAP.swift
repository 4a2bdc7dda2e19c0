import CLDAP
import RollcallCore
import RollcallReading

extension SourceError {
    /// libldap's words for one of its own codes, which are mostly negative.
    static func clientMessage(_ code: Int32) -> String {
        guard let text = ldap_err2string(code) else { return "error \(code)" }
        return "\(oneLine(text)) (\(code))"
    }

    /// Text of the server's or a library's, fit for one line.
    static func oneLine(_ text: UnsafePointer<CChar>) -> String {
        oneLine(String(cString: text))
    }
}
