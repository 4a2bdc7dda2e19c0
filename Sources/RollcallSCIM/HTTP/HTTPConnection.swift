import CCurl
package import RollcallCore
package import RollcallReading

/// HTTP with one service, over a connection that is kept alive.
///
/// It is made, used and released on one thread: it is not `Sendable` and never leaves the closure that a worker thread runs. Waiting
/// happens here and in ``pause(_:)`` alone, where a stop, the answer's timeout and the whole deadline are seen. Nothing is taken from
/// the environment: no proxy, no `.netrc`, no file of certificates. There are no cookies, and credentials go to the origin of
/// ``ScimSettings/url`` and to no other.
package final class HTTPConnection {
    let settings: ScimSettings
    /// The service's base.
    package let base: ScimURL
    package let patience: Patience
    let stop: StopSignal
    let retry: RetryRule
    var credentials: ScimCredentials
    /// Whether the service or its token endpoint does not know us, so that nothing more may be sent with these credentials.
    var isRefused = false
    /// The file of certificates that the server's must chain to.
    let trust: String

    let easy: UnsafeMutableRawPointer
    private let multi: UnsafeMutableRawPointer
    let words: UnsafeMutablePointer<CChar>

    /// Fetches the secret and looks at all files that TLS needs; nothing is connected yet.
    ///
    /// - Parameter secret: Called once, on this thread, so that a changed file counts for the next connection.
    /// - Throws: ``SourceError`` for what can be told without the server.
    package init(
        _ settings: ScimSettings, stop: StopSignal, patience: Patience, retry: RetryRule = RetryRule(), secret: SecretResolver
    ) throws(SourceError) {
        base = try ScimURL(settings.url)
        trust = try HTTPConnection.checkFiles(settings)
        credentials = try ScimCredentials(settings.auth, secret: secret)
        self.settings = settings
        self.stop = stop
        self.patience = patience
        self.retry = retry
        guard CurlLibrary.readiness == CURLE_OK, let easy = curl_easy_init(), let multi = curl_multi_init() else {
            throw SourceError(
                .unreachable, subject: base.description,
                message: "libcurl could not be set up: \(CurlLibrary.words(CurlLibrary.readiness))")
        }
        self.easy = easy
        self.multi = multi
        words = .allocate(capacity: Int(CURL_ERROR_SIZE))
        words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_multi_cleanup(multi)
        words.deallocate()
    }

    /// Sends a request once and takes its answer.
    ///
    /// - Returns: The answer, and for a redirect the URL that it names.
    func exchange(
        _ request: HTTPRequest, head: @escaping HTTPTransfer.Head, body: @escaping HTTPTransfer.Body
    ) throws(HTTPFailure) -> (answer: HTTPAnswer, redirect: String?) {
        let transfer = HTTPTransfer(request, stop: stop, head: head, body: body)
        let code = try send(request, transfer)
        if let failure = transfer.failure { throw HTTPFailure(failure) }
        // What a refusal says to the end is of no interest.
        let isAnswered = code == CURLE_OK || transfer.isEnough || (transfer.head.isOver && transfer.head.status >= 300)
        guard isAnswered else {
            throw HTTPFailure(code, SourceError.oneLine(String(cString: words)), request.url, transfer, trust: trust)
        }
        do throws(SourceError) { try transfer.finish() } catch { throw HTTPFailure(error) }
        var answer = HTTPAnswer(transfer.head)
        answer.errorText = redacted(String(decoding: transfer.kept, as: UTF8.self))
        return (answer, rollcall_curl_text(easy, CURLINFO_REDIRECT_URL).map { String(cString: $0) })
    }

    /// Prepares libcurl and drives it; until it is done, the fields that it points to are held.
    private func send(_ request: HTTPRequest, _ transfer: HTTPTransfer) throws(HTTPFailure) -> CURLcode {
        let fields = CurlFields(request)
        return try withExtendedLifetime(fields) { (fields: borrowing CurlFields) throws(HTTPFailure) -> CURLcode in
            do throws(SourceError) {
                try request.check()
                try prepare(request, fields, transfer)
            } catch {
                throw HTTPFailure(error)
            }
            return try run(request, transfer)
        }
    }

    /// Drives libcurl until the transfer is over.
    private func run(_ request: HTTPRequest, _ transfer: HTTPTransfer) throws(HTTPFailure) -> CURLcode {
        let subject = request.url.description
        guard curl_multi_add_handle(multi, easy) == CURLM_OK else { throw unusable(subject) }
        defer { curl_multi_remove_handle(multi, easy) }
        var heard = transfer.lastSign
        while true {
            var running: Int32 = 0
            guard curl_multi_perform(multi, &running) == CURLM_OK else { throw unusable(subject) }
            if transfer.lastSign != heard {
                heard = transfer.lastSign
                patience.alive()
            }
            var outcome = CURLE_OK
            if rollcall_curl_take_outcome(multi, &outcome) != 0 { return outcome }
            guard !stop.isStopped else { throw HTTPFailure(.cancelled(subject)) }
            // libcurl itself ends an attempt to connect that takes too long.
            if rollcall_curl_size(easy, CURLINFO_PRETRANSFER_TIME_T) == 0 {
                transfer.touch()
                heard = transfer.lastSign
            }
            guard let left = patience.milliseconds(since: transfer.lastSign) else {
                let what = transfer.head.isOver ? "reading the answer" : "waiting for the answer to \(request.method)"
                throw HTTPFailure(patience.error(subject, while: what))
            }
            switch rollcall_curl_wait(multi, stop.descriptor, Int32(clamping: min(left, StopSignal.longestWait))) {
            case 0: break
            case 1: stop.settle()
            default: throw unusable(subject)
            }
        }
    }

    private func unusable(_ subject: String) -> HTTPFailure {
        HTTPFailure(SourceError(.unreachable, subject: subject, message: "libcurl could not drive the connection"))
    }

    /// Waits, unless told to stop or the deadline comes first.
    func pause(_ length: Duration) throws(SourceError) {
        let end = ContinuousClock.now + length
        while true {
            guard !stop.isStopped else { throw .cancelled(base.description) }
            guard !patience.isOver else { throw patience.error(base.description, while: "waiting before another try") }
            let left = end - .now
            guard left > .zero else { return }
            // The whole deadline bounds the wait.
            patience.alive()
            stop.wait(milliseconds: Int(clamping: left.wholeMilliseconds + 1))
        }
    }

    /// Text from the server without what we keep secret, should it repeat that.
    func redacted(_ text: String) -> String {
        credentials.secrets.reduce(text) { $1.redact($0) }
    }
}
