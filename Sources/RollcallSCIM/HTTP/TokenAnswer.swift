import RollcallCore

/// What a token endpoint says (RFC 6749 sections 5.1 and 5.2).
struct TokenAnswer {
    /// Fit for the field of a head; empty when there is none.
    var accessToken: [UInt8] = []
    /// Whether the token is one that whoever holds it may use; a server that does not name the type means that.
    var isBearer = true
    /// `nil` when the server does not say.
    var lifetime: Span?
    /// For instance `invalid_client`; empty when there is none.
    var error = ""
    var errorDescription = ""

    /// Reads a JSON object; `nil` when it is none.
    init?(_ json: [UInt8]) {
        guard let members = FlatObject.members(of: json) else { return nil }
        let text = { (name: String) in members.last { $0.name == name }?.text }
        if let token = text("access_token"), token.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) { accessToken = token }
        if let type = text("token_type") { isBearer = String(decoding: type, as: UTF8.self).lowercased() == "bearer" }
        if let number = text("expires_in"), let seconds = Double(String(decoding: number, as: UTF8.self)), seconds.isFinite {
            lifetime = Span(seconds: Int64(min(max(seconds, 0), Double(Span.longest.seconds))))
        }
        error = text("error").map { String(decoding: $0, as: UTF8.self) } ?? ""
        errorDescription = text("error_description").map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
