import CLDAP
import RollcallCore
import RollcallReading

/// Who we say we are, with the password at hand.
enum Credentials: Sendable {
    case anonymous
    case simple(dn: String, password: Secret)
    case external

    /// Fetches the password, and refuses what must not be tried with it.
    ///
    /// - Throws: ``SourceError`` before anything has been sent.
    init(_ bind: LDAPSettings.Bind, secret: SecretResolver) throws(SourceError) {
        switch bind {
        case .anonymous: self = .anonymous
        case .external: self = .external
        case .simple(let dn, let reference):
            guard !dn.isEmpty else {
                throw SourceError(
                    .credentials, subject: "source.bind",
                    message: "a simple bind without a DN is an anonymous one (RFC 4513 section 5.1.2)",
                    advice: "give the DN, or choose anonymous")
            }
            let password = try secret(reference)
            guard !password.isEmpty else {
                throw SourceError(
                    .credentials, subject: dn, message: "the password is empty; a server would answer with an anonymous success",
                    advice: "put the password into its file")
            }
            self = .simple(dn: dn, password: password)
        }
    }
}

extension LDAPSession {
    /// Whether this address may carry a password at all; told before a connection is tried.
    static func checkChannel(_ address: LDAPAddress, _ settings: LDAPSettings) throws(SourceError) {
        guard case .simple = settings.bind, address.scheme == .ldap, !settings.startTLS, !address.claimsToBeLocal else { return }
        throw refusedChannel(address)
    }

    private static func refusedChannel(_ address: LDAPAddress) -> SourceError {
        SourceError(
            .untrusted, subject: address.description, message: "a password is not sent over a channel that is not encrypted",
            advice: "use ldaps://, or set start_tls: true")
    }

    /// Binds, and makes sure that the server took us for somebody.
    ///
    /// - Throws: `credentials` when the server refuses them; such a refusal is final.
    func bind(_ credentials: Credentials, _ settings: LDAPSettings) throws(SourceError) {
        var id: Int32 = 0
        let sent: Int32
        var secret: Secret?
        switch credentials {
        case .anonymous: return
        case .external: sent = rollcall_ldap_bind_external(handle, &id)
        case .simple(let dn, let password):
            let isEncrypted = address.scheme == .ldaps || settings.startTLS
            guard isEncrypted || rollcall_peer_is_local(descriptor) != 0 else { throw LDAPSession.refusedChannel(address) }
            secret = password
            sent = password.expose { rollcall_ldap_bind_simple(handle, dn, $0.baseAddress, $0.count, &id) }
        }
        guard sent == 0 else { throw unsent(sent, "binding") }
        let answer = try next(of: id, while: "binding")
        let outcome = try outcome(of: answer)
        guard outcome.isSuccess else { throw refused(outcome, credentials, secret, settings.bind) }
    }

    private func refused(
        _ outcome: LDAPOutcome, _ credentials: Credentials, _ secret: Secret?, _ bind: LDAPSettings.Bind
    ) -> SourceError {
        let who =
            switch credentials {
            case .simple(let dn, _): " of \(dn)"
            case .external: " by certificate or socket peer"
            case .anonymous: ""
            }
        // A server might echo what it was sent.
        let echoes = secret?.expose { $0.isContained(in: outcome.diagnostic) } ?? false
        let phrase = echoes ? "result \(outcome.code)" : outcome.phrase
        var advice = outcome.code.bindAdvice
        if outcome.code.number == 49, case .simple(_, let reference) = bind { advice += reference.refusalAdvice }
        return SourceError(
            [7, 8, 13, 19, 48, 49, 50, 53].contains(outcome.code.number) ? .credentials : .incomplete,
            subject: subject, message: "the bind\(who) was refused: \(phrase)", advice: advice)
    }

    /// The identity that the server sees, `dn:…` or `u:…`, empty for anonymous (RFC 4532); `nil` when it does not tell.
    func whoAmI() throws(SourceError) -> String? {
        var id: Int32 = 0
        let sent = ldap_whoami(handle, nil, nil, &id)
        guard sent == 0 else { throw unsent(sent, "asking who we are") }
        let answer = try next(of: id, while: "asking who we are")
        guard try outcome(of: answer).isSuccess else { return nil }
        var data: UnsafeMutablePointer<berval>?
        guard ldap_parse_extended_result(handle, answer.pointer, nil, &data, 0) == 0 else { return nil }
        guard let data else { return "" }
        defer { ber_bvfree(data) }
        guard let bytes = data.pointee.bv_val else { return "" }
        return SourceError.oneLine(
            String(decoding: UnsafeRawBufferPointer(start: bytes, count: Int(data.pointee.bv_len)), as: UTF8.self))
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether these bytes stand anywhere in `text`.
    fileprivate func isContained(in text: String) -> Bool {
        let haystack = Array(text.utf8)
        guard !isEmpty, haystack.count >= count else { return false }
        return (0...(haystack.count - count)).contains { haystack[$0..<($0 + count)].elementsEqual(self) }
    }
}
