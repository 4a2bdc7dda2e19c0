import CCurl
import RollcallCore
import RollcallReading

/// Why a request has no answer, and whether it may be sent again.
struct HTTPFailure: Error {
    let error: SourceError
    /// Whether the server could not be reached or went away before a byte of the answer's body was handed on.
    let mayRepeat: Bool

    init(_ error: SourceError, mayRepeat: Bool = false) {
        self.error = error
        self.mayRepeat = mayRepeat
    }

    /// What the end of a transfer means.
    ///
    /// - Parameters:
    ///   - words: libcurl's or the TLS library's, on one line.
    ///   - trust: The file of certificates that counts.
    init(_ code: CURLcode, _ words: String, _ url: ScimURL, _ transfer: HTTPTransfer, trust: String) {
        let subject = url.description
        let reason = words.isEmpty ? CurlLibrary.words(code) : words
        func failure(_ code: SourceError.Code, _ message: String, _ advice: String, mayRepeat: Bool = false) -> HTTPFailure {
            HTTPFailure(SourceError(code, subject: subject, message: message, advice: advice), mayRepeat: mayRepeat)
        }
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT, CURLE_OPERATION_TIMEDOUT, CURLE_PROXY:
            self = failure(
                .unreachable, "cannot connect: \(reason)", "is the server up, and are host, port, proxy and firewall right?",
                mayRepeat: true)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED:
            self = failure(
                .untrusted, "TLS was refused: \(reason)",
                "the certificate must chain to \(trust), be within its dates, and name \(url.host) in its subjectAltName")
        case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_INITFAILED:
            self = failure(
                .untrusted, "TLS could not be set up: \(reason)",
                "ca_file, client_cert and client_key must be PEM files, and the key, without a passphrase, must fit the certificate")
        case CURLE_SSL_CONNECT_ERROR, CURLE_SEND_ERROR, CURLE_RECV_ERROR:
            // With TLS 1.3 a server looks at our certificate after the handshake, and says so with an alert.
            if reason.contains("CONNECT") {
                self = failure(.unreachable, "the proxy made no connection: \(reason)", "look at source.proxy", mayRepeat: true)
            } else if reason.contains(" alert ") {
                self = failure(
                    .untrusted, "the server refused our side of TLS: \(reason)",
                    "does it ask for a client certificate? look at source.client_cert")
            } else if code == CURLE_SSL_CONNECT_ERROR, !HTTPFailure.isLoss(reason) {
                self = failure(.untrusted, "TLS was refused: \(reason)", "is this a TLS port, and does the server speak TLS 1.2 or later?")
            } else {
                self = HTTPFailure.lost(reason, subject, transfer)
            }
        case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_HTTP2, CURLE_HTTP2_STREAM:
            self = HTTPFailure.lost(reason, subject, transfer)
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY:
            self = failure(.incomplete, "the answer is no HTTP: \(reason)", "is this the port of a web server?")
        default:
            self = failure(.incomplete, "the request failed: \(reason)", "nothing was taken over")
        }
    }

    private static func isLoss(_ reason: String) -> Bool {
        ["SSL_ERROR_SYSCALL", "unexpected eof", "reset by peer", "Broken pipe"].contains { reason.contains($0) }
    }

    /// Before the body the same request may be sent again; a body that breaks off is an answer that is not whole.
    private static func lost(_ reason: String, _ subject: String, _ transfer: HTTPTransfer) -> HTTPFailure {
        guard transfer.hasHandedOn else {
            return HTTPFailure(
                SourceError(
                    .unreachable, subject: subject, message: "the connection was lost before the answer: \(reason)",
                    advice: "nothing was taken over; look into the server's log and at what stands between"),
                mayRepeat: true)
        }
        return HTTPFailure(
            SourceError(
                .unreachable, subject: subject, message: "the answer broke off after \(transfer.byteCount) bytes: \(reason)",
                advice: "nothing was taken over; look into the server's log and at what stands between"))
    }
}
