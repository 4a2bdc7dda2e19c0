import RollcallCore

/// Who we say we are, with the secret at hand.
enum ScimCredentials {
    case none
    /// The value of the `Authorization` field, and the secret that it is made of.
    case fixed(field: Secret, Secret)
    case oauth2(OAuth2Client)

    /// Fetches the secret, and refuses what must not be sent.
    ///
    /// - Throws: ``SourceError`` before anything has been sent.
    init(_ auth: ScimSettings.Auth, secret: SecretResolver) throws(SourceError) {
        switch auth {
        case .none, .mutualTLS: self = .none
        case .bearer(let reference):
            let token = try ScimCredentials.bytes(of: reference, "the token", secret)
            self = .fixed(field: ScimCredentials.bearer(token), Secret(token))
        case .basic(let user, let reference):
            guard !user.isEmpty, !user.contains(":"), user.utf8.allSatisfy(ScimCredentials.isPlain) else {
                throw SourceError(
                    .credentials, subject: "source.auth",
                    message: "the user's name is empty, or holds a colon or a control character (RFC 7617 section 2)")
            }
            let password = try ScimCredentials.bytes(of: reference, "the password", secret)
            self = .fixed(field: ScimCredentials.basic(Array(user.utf8), password), Secret(password))
        case .oauth2(let settings):
            let url = try ScimURL(settings.tokenURL, knob: "source.auth.oauth2.token_url")
            let bytes = try ScimCredentials.bytes(of: settings.clientSecret, "the client secret", secret)
            guard !settings.clientID.isEmpty else {
                throw SourceError(.credentials, subject: "source.auth.oauth2.client_id", message: "the client's id is empty")
            }
            self = .oauth2(OAuth2Client(url: url, id: settings.clientID, secret: Secret(bytes), scope: settings.scope))
        }
    }

    /// What must not be shown, in the forms in which it is sent.
    var secrets: [Secret] {
        switch self {
        case .none: []
        case .fixed(let field, let secret): [secret, ScimCredentials.value(of: field)]
        case .oauth2(let client): client.secrets
        }
    }

    /// The value of an `Authorization` field without its scheme, whose name is not secret.
    static func value(of field: Secret) -> Secret {
        Secret(field.expose { Array($0.drop { $0 != UInt8(ascii: " ") }.dropFirst()) })
    }

    static func bearer(_ token: [UInt8]) -> Secret { Secret(Array("Bearer ".utf8) + token) }

    static func basic(_ user: [UInt8], _ password: [UInt8]) -> Secret {
        Secret(Array("Basic ".utf8) + Base64.encoded(user + [UInt8(ascii: ":")] + password))
    }

    /// Whether a byte may stand in a field of a head: a line break would end the field and begin another.
    static func isPlain(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F }

    private static func bytes(of reference: SecretReference, _ what: String, _ secret: SecretResolver) throws(SourceError) -> [UInt8] {
        let bytes = try secret(reference).expose { Array($0) }
        guard !bytes.isEmpty else {
            throw SourceError(.credentials, subject: "source.auth", message: "\(what) is empty", advice: "put it into its file")
        }
        if let place = bytes.firstIndex(where: { !isPlain($0) }) {
            throw SourceError(
                .credentials, subject: "source.auth",
                message: "\(what) holds a line break or another control character, at byte \(place + 1) of \(bytes.count)",
                advice: "nothing was sent; put it alone on the first line of its file")
        }
        return bytes
    }
}
