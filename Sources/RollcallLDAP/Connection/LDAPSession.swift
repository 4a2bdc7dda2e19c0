import CLDAP
import Glibc
import RollcallCore
import RollcallReading

/// One connection to one server, from its first byte to its end.
///
/// It is made, used and released on one thread: it is not `Sendable` and never leaves the closure that a worker thread runs.
/// Requests are sent without waiting. Waiting happens in ``next(of:while:)`` alone, where a stop, the answer's timeout and the whole
/// deadline are seen.
final class LDAPSession {
    let handle: OpaquePointer
    let address: LDAPAddress
    let stop: StopSignal
    let patience: Patience
    /// The socket; -1 before ``connect(_:)``.
    var descriptor: Int32 = -1

    /// Whether many answers are on their way. A server sends each entry by itself; taking them one by one costs three system calls
    /// an entry, so the socket is left to gather some.
    var isStreaming = false

    /// Microseconds for which answers gather; at most this is lost at the end of a page.
    private static let gathering: UInt32 = 200

    /// The name by which messages mention the server.
    let subject: String

    init(_ address: LDAPAddress, stop: StopSignal, patience: Patience) throws(SourceError) {
        var made: OpaquePointer?
        let code = rollcall_ldap_open(address.connectURL, &made)
        guard code == 0, let made else {
            throw SourceError(.malformed, subject: address.description, message: "libldap does not take this URL (\(code))")
        }
        handle = made
        self.address = address
        subject = address.description
        self.stop = stop
        self.patience = patience
    }

    deinit {
        rollcall_ldap_close(handle)
    }

    /// The next answer to the request `id`, or to any request for -1.
    ///
    /// - Parameter what: Completes the sentence "the connection was lost while …".
    /// - Throws: `cancelled`, `timeout`, or `unreachable` when the connection is gone.
    func next(of id: Int32, while what: @autoclosure () -> String) throws(SourceError) -> LDAPMessage {
        var message: OpaquePointer?
        let kind = rollcall_ldap_next(handle, id, &message)
        if kind > 0, let message { return LDAPMessage(message) }
        if kind < 0 { throw lost(what()) }
        return LDAPMessage(try awaitMessage(of: id, while: what()))
    }

    @inline(never)
    private func awaitMessage(of id: Int32, while what: @autoclosure () -> String) throws(SourceError) -> OpaquePointer {
        let start = ContinuousClock.now
        while true {
            guard !stop.isStopped else { throw SourceError.cancelled(subject) }
            guard let milliseconds = patience.milliseconds(since: start) else { throw patience.error(subject, while: what()) }
            if rollcall_ldap_has_buffered(handle) == 0 {
                stop.wait(orReadable: descriptor, milliseconds: milliseconds)
                if isStreaming { usleep(LDAPSession.gathering) }
            }
            var message: OpaquePointer?
            let kind = rollcall_ldap_next(handle, id, &message)
            if kind > 0, let message {
                patience.alive()
                return message
            }
            if kind < 0 { throw lost(what()) }
        }
    }

    /// Reads the outcome out of a last answer, its paging cookie too.
    func outcome(of message: borrowing LDAPMessage) throws(SourceError) -> LDAPOutcome {
        var code: Int32 = 0
        var text: UnsafeMutablePointer<CChar>?
        var controls: UnsafeMutablePointer<UnsafeMutablePointer<LDAPControl>?>?
        let parsed = ldap_parse_result(handle, message.pointer, &code, nil, &text, nil, &controls, 0)
        defer {
            if let text { ldap_memfree(text) }
            if let controls { ldap_controls_free(controls) }
        }
        guard parsed == 0 else { throw undecodable("a result") }
        var outcome = LDAPOutcome(code: ResultCode(code), diagnostic: text.map { SourceError.oneLine($0) } ?? "", cookie: nil)
        guard let controls else { return outcome }
        var cookie = berval()
        switch rollcall_ldap_page_cookie(handle, controls, &cookie) {
        case 0: break
        case 1:
            outcome.cookie = []
            if let bytes = cookie.bv_val {
                outcome.cookie = Array(UnsafeRawBufferPointer(start: bytes, count: Int(cookie.bv_len)))
                ber_memfree(bytes)
            }
        default: throw undecodable("a paging control")
        }
        return outcome
    }

    /// The error for a request that could not be sent.
    func unsent(_ code: Int32, _ what: String) -> SourceError {
        if code == LDAP_SERVER_DOWN || code == LDAP_CONNECT_ERROR { return lost(what) }
        return SourceError(
            .incomplete, subject: subject, message: "could not send a request while \(what): \(SourceError.clientMessage(code))")
    }

    func undecodable(_ what: String) -> SourceError {
        SourceError(
            .incomplete, subject: subject, message: "\(what) does not decode as LDAP (RFC 4511)",
            advice: "look for a proxy or a server that breaks the protocol")
    }

    func lost(_ what: String) -> SourceError {
        if stop.isStopped { return SourceError.cancelled(subject) }
        return SourceError(
            .unreachable, subject: subject, message: "the connection was lost while \(what)",
            advice: "nothing was taken over; look into the server's log and at what stands between")
    }

    /// What libldap or its TLS library says about the last failure, on one line.
    var diagnostic: String {
        guard let text = rollcall_ldap_diagnostic(handle) else { return "" }
        defer { ldap_memfree(text) }
        return SourceError.oneLine(text)
    }
}
