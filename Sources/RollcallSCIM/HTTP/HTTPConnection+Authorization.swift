import RollcallCore
import RollcallReading

extension HTTPConnection {
    /// The most bytes that an answer with a token may have.
    private static let tokenLimit = 64 << 10

    /// The `Authorization` field for the service; a token is fetched when there is none that is good.
    func authorization() throws(SourceError) -> Secret? {
        switch credentials {
        case .none: return nil
        case .fixed(let field, _): return field
        case .oauth2(let client):
            if let field = client.field { return field }
            return try fetchToken(client)
        }
    }

    /// Lets go of a token that was refused; `false` when tokens are not fetched.
    func dropToken() -> Bool {
        guard case .oauth2(var client) = credentials else { return false }
        client.dropToken()
        credentials = .oauth2(client)
        return true
    }

    /// Asks for a token, with HTTP Basic first and with the secret in the form when the server wants that.
    ///
    /// - Returns: The `Authorization` field for the service.
    private func fetchToken(_ known: OAuth2Client) throws(SourceError) -> Secret {
        var client = known
        while true {
            let start = ContinuousClock.now
            var json: [UInt8] = []
            let answer = try post(client) { json += $0 }
            if answer.status == 200 {
                let field = client.keep(try token(json, client), asked: start)
                credentials = .oauth2(client)
                return field
            }
            let refusal = TokenAnswer(Array(answer.errorText.utf8))
            let isOtherWay = answer.status == 401 || answer.status == 400
            guard isOtherWay, refusal?.error == "invalid_client", !client.sendsSecretInForm else {
                throw refused(answer, refusal, client)
            }
            client.sendsSecretInForm = true
        }
    }

    private func post(_ client: OAuth2Client, _ take: (UnsafeBufferPointer<UInt8>) -> Void) throws(SourceError) -> HTTPAnswer {
        var request = HTTPRequest(
            url: client.url, fields: [("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded")],
            limit: HTTPConnection.tokenLimit)
        request.form = client.form
        request.authorization = client.authorization
        let (answer, redirect) = try withoutActuallyEscaping(take) {
            (take: @escaping (UnsafeBufferPointer<UInt8>) -> Void) throws(SourceError) in
            try persist(request, isAuthorized: false, { _ in }, take)
        }
        guard redirect == nil else {
            let origin = redirect.flatMap { try? ScimURL($0) }.map { " to \($0.origin)" } ?? ""
            throw SourceError(
                .incomplete, subject: client.url.description,
                message: "the token endpoint redirects (\(answer.status))\(origin); the client's secret is not sent on",
                advice: "name the right address in source.auth.oauth2.token_url")
        }
        return answer
    }

    private func token(_ json: [UInt8], _ client: OAuth2Client) throws(SourceError) -> TokenAnswer {
        let reason: String
        if let answer = TokenAnswer(json) {
            if answer.isBearer, !answer.accessToken.isEmpty { return answer }
            reason = answer.isBearer ? "holds no usable access_token" : "holds a token of another type than Bearer"
        } else {
            reason = "is no JSON object"
        }
        throw SourceError(
            .malformed, subject: client.url.description, message: "the token endpoint's answer \(reason) (RFC 6749 section 5.1)",
            advice: "is this the address of the token endpoint?")
    }

    private func refused(_ answer: HTTPAnswer, _ refusal: TokenAnswer?, _ client: OAuth2Client) -> SourceError {
        let said = refusal.map { [$0.error, $0.errorDescription].filter { !$0.isEmpty }.joined(separator: ": ") } ?? ""
        if [400, 401, 403].contains(answer.status) { isRefused = true }
        // Once more, because escapes of JSON are undone by now.
        let words = SourceError.oneLine(redacted(said))
        return SourceError(
            [400, 401, 403].contains(answer.status) ? .credentials : .incomplete, subject: client.url.description,
            message: "the token endpoint gave no token: \(answer.status)\(words.isEmpty ? "" : ", \(words)")",
            advice: "look at client_id, client_secret, scope and token_url in source.auth.oauth2"
                + (settings.auth.reference?.refusalAdvice ?? ""))
    }
}
