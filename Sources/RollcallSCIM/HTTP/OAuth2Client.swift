import RollcallCore

/// A client of an OAuth 2.0 token endpoint, and the token that it was given last (RFC 6749 section 4.4).
struct OAuth2Client {
    let url: ScimURL
    let id: String
    let secret: Secret
    let scope: String?
    /// Whether the server wants id and secret in the form instead of HTTP Basic (RFC 6749 section 2.3.1).
    var sendsSecretInForm = false
    /// The value of the `Authorization` field, with the time until which it is good; `nil` when one must be fetched.
    private var token: (field: Secret, end: ContinuousClock.Instant?)?

    /// No token lives longer for us than its last moments, which a request might not survive.
    private static let margin = Duration.seconds(30)

    init(url: ScimURL, id: String, secret: Secret, scope: String?) {
        self.url = url
        self.id = id
        self.secret = secret
        self.scope = scope
    }

    /// The field with a token that is still good.
    var field: Secret? {
        guard let token else { return nil }
        if let end = token.end, ContinuousClock.now >= end { return nil }
        return token.field
    }

    mutating func dropToken() {
        token = nil
    }

    /// Keeps a token until shortly before its end; a tenth of a short life is left off.
    ///
    /// - Returns: The value of the `Authorization` field, which is good for one request even if no time is left.
    mutating func keep(_ answer: TokenAnswer, asked start: ContinuousClock.Instant) -> Secret {
        let life = answer.lifetime.map { Duration.seconds($0.seconds) }
        let field = ScimCredentials.bearer(answer.accessToken)
        token = (field, life.map { start + $0 - min(OAuth2Client.margin, $0 / 10) })
        return field
    }

    /// What is posted.
    var form: [UInt8] {
        var items = ["grant_type=client_credentials"]
        if let scope, !scope.isEmpty { items.append("scope=\(ScimURL.encoded(scope))") }
        if sendsSecretInForm {
            items.append("client_id=\(ScimURL.encoded(id))")
            items.append("client_secret=\(secret.expose { ScimURL.encoded($0) })")
        }
        return Array(items.joined(separator: "&").utf8)
    }

    /// The `Authorization` field of the request for a token; both parts are encoded as in a form first (RFC 6749 section 2.3.1).
    var authorization: Secret? {
        if sendsSecretInForm { return nil }
        let encoded = secret.expose { ScimURL.encoded($0) }
        return ScimCredentials.basic(Array(ScimURL.encoded(id).utf8), Array(encoded.utf8))
    }
}

extension OAuth2Client {
    /// What must not be shown, in the forms in which it is sent.
    var secrets: [Secret] {
        [secret] + [token?.field, authorization].compactMap { $0.map { ScimCredentials.value(of: $0) } }
    }
}
