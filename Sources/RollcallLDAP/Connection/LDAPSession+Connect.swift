import CLDAP
import Glibc
import RollcallCore
import RollcallReading

extension LDAPSession {
    /// Connects, and encrypts where the address or the settings say so. Nothing that identifies us has been sent when it returns.
    ///
    /// - Throws: `unreachable` when another server may be asked instead; `untrusted` when the certificate or TLS was refused.
    func connect(_ settings: LDAPSettings) throws(SourceError) {
        let code = rollcall_ldap_set_defaults(handle, patience.connect.wholeMilliseconds, patience.answer.wholeMilliseconds)
        guard code == 0 else {
            throw SourceError(.unreachable, subject: subject, message: "libldap refused an option: \(SourceError.clientMessage(code))")
        }
        let isEncrypted = address.scheme == .ldaps || (address.scheme == .ldap && settings.startTLS)
        if isEncrypted { try prepareTLS(settings) }

        try openSocket()
        rollcall_ldap_set_largest_message(handle, LDAPSession.largestMessage)
        let write = patience.answer.wholeMilliseconds
        rollcall_socket_timeouts(descriptor, write, write)
        if address.scheme == .ldap && settings.startTLS { try requestStartTLS() }
        if isEncrypted { try beginTLS(settings) }
        rollcall_ldap_read_ahead(handle, LDAPSession.readAhead)
        // A read inside a TLS record that never completes must come back, so that a stop and the deadlines are seen.
        rollcall_socket_timeouts(descriptor, 100, write)
    }

    private func openSocket() throws(SourceError) {
        let start = ContinuousClock.now
        var systemError: Int32 = 0
        let connected = rollcall_ldap_connect(handle, &systemError)
        descriptor = rollcall_ldap_descriptor(handle)
        if connected == 0, descriptor >= 0 { return }
        guard !stop.isStopped else { throw SourceError.cancelled(subject) }
        let reason =
            if ContinuousClock.now - start >= patience.connect {
                "no answer within \(patience.connect.wholeMilliseconds / 1000) s"
            } else if address.scheme != .ldapi, let words = rollcall_unresolved(address.bareHost) {
                "the name \(address.host) does not resolve: \(String(cString: words))"
            } else if systemError == ENOTCONN || systemError == 0 {
                "connection refused"
            } else {
                String(cString: strerror(systemError))
            }
        throw SourceError(
            .unreachable, subject: subject, message: "cannot connect: \(reason)",
            advice: "is the server up, and are host, port and firewall right?")
    }

    /// Bytes in one message: the cap on a group, with room for what surrounds its values.
    private static let largestMessage = EntryLimits.group + (16 << 20)

    /// Bytes that are read ahead on the socket.
    private static let readAhead: Int32 = 64 << 10

    private func prepareTLS(_ settings: LDAPSettings) throws(SourceError) {
        guard let caFile = settings.caFile ?? SystemTrust.bundle else {
            throw untrusted("no file of trusted certificates on this system", advice: "name one in source.ca_file")
        }
        let files = [
            (caFile, "source.ca_file"), (settings.clientCertificate, "source.client_cert"), (settings.clientKey, "source.client_key"),
        ]
        for (file, knob) in files {
            guard let file, let reason = SystemTrust.refusal(of: file) else { continue }
            throw untrusted("cannot read \(file): \(reason)", advice: "correct \(knob)")
        }
        let code = rollcall_ldap_set_tls(handle, caFile, settings.clientCertificate, settings.clientKey)
        guard code == 0 else {
            let others = settings.clientCertificate.map { " and \($0)" } ?? ""
            throw untrusted(
                "TLS could not be set up from \(caFile)\(others): \(SourceError.clientMessage(code))",
                advice: "all of them must be PEM files, and the key must fit the certificate")
        }
    }

    private func requestStartTLS() throws(SourceError) {
        var id: Int32 = 0
        let sent = ldap_start_tls(handle, nil, nil, &id)
        guard sent == 0 else { throw unsent(sent, "asking for StartTLS") }
        let answer = try next(of: id, while: "asking for StartTLS")
        let outcome = try outcome(of: answer)
        guard outcome.isSuccess else {
            throw untrusted("the server refused StartTLS: \(outcome.phrase)", advice: "use ldaps://, or give the server a certificate")
        }
    }

    private func beginTLS(_ settings: LDAPSettings) throws(SourceError) {
        let code = ldap_install_tls(handle)
        if code == 0 { return try checkVersion() }
        guard !stop.isStopped else { throw SourceError.cancelled(subject) }
        let words = diagnostic
        let isCut = code == LDAP_TIMEOUT || ["non-properly terminated", "pull function", "push function"].contains { words.contains($0) }
        if isCut {
            throw SourceError(
                .unreachable, subject: subject, message: "the connection ended inside the TLS handshake: \(words)",
                advice: "is this a TLS port, and is the server well?")
        }
        let trust = settings.caFile ?? "the system's trusted certificates"
        // What libldap says for a certificate that GnuTLS did not verify is "(unknown error code)".
        let reason = words.isEmpty || words.contains("unknown error") ? "the server's certificate did not verify" : words
        let isVersion = ["unsupported version", "protocol version", "unsupported protocol"].contains { words.contains($0) }
        throw untrusted(
            "TLS was refused: \(reason)",
            advice: isVersion
                ? LDAPSession.versionAdvice
                : "the certificate must chain to \(trust), be within its dates, and name \(address.host) in its subjectAltName")
    }

    /// Looks at the version that was agreed on, before anything is sent: a TLS library may ignore the lowest version that we set.
    private func checkVersion() throws(SourceError) {
        guard let text = rollcall_ldap_tls_version(handle) else {
            throw untrusted("the TLS library does not say which version was agreed on", advice: "use another build of libldap")
        }
        defer { ldap_memfree(text) }
        let version = String(cString: text)
        guard LDAPSession.isStrong(version) else {
            throw untrusted("TLS was refused: the server speaks \(SourceError.oneLine(version))", advice: LDAPSession.versionAdvice)
        }
    }

    private static let versionAdvice = "let the server speak TLS 1.2 or later"

    /// Whether a version is TLS 1.2 or later: `TLS1.3` by GnuTLS, `TLSv1.3` by OpenSSL.
    static func isStrong(_ version: String) -> Bool {
        guard version.hasPrefix("TLS") else { return false }
        let number = version.dropFirst(3).drop { $0 == "v" || $0 == " " }.split(separator: ".", omittingEmptySubsequences: false)
        guard let major = number.first.flatMap({ Int($0) }) else { return false }
        let minor = number.count > 1 ? Int(number[1]) ?? 0 : 0
        return major > 1 || (major == 1 && minor >= 2)
    }

    private func untrusted(_ message: String, advice: String) -> SourceError {
        SourceError(.untrusted, subject: subject, message: message, advice: advice)
    }
}
