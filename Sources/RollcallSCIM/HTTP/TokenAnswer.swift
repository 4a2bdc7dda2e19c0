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

    /// Reads a JSON object; `nil` when it is none, or has a name twice, which the RFC forbids.
    init?(_ json: [UInt8]) {
        let document = ResourceDocument()
        json.withUnsafeBufferPointer { document.add($0) }
        guard let answer = document.read({ TokenAnswer($0) }) ?? nil else { return nil }
        self = answer
    }

    private init?(_ object: JSONElement) {
        guard object.isObject else { return nil }
        if let token = object.member("access_token")?.text?.utf8, token.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) {
            accessToken = Array(token)
        }
        if let type = object.member("token_type")?.text { isBearer = type.string.lowercased() == "bearer" }
        if let number = object.member("expires_in")?.text, let seconds = Double(number.string), seconds.isFinite {
            lifetime = Span(seconds: Int64(min(max(seconds, 0), Double(Span.longest.seconds))))
        }
        error = object.member("error")?.text?.string ?? ""
        errorDescription = object.member("error_description")?.text?.string ?? ""
    }
}
