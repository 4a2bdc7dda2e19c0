import CCurl
import RollcallCore
import RollcallReading

extension HTTPConnection {
    /// Looks at the files that TLS needs, and at the proxy.
    ///
    /// - Returns: The file of certificates that counts.
    static func checkFiles(_ settings: ScimSettings) throws(SourceError) -> String {
        func untrusted(_ message: String, _ advice: String) -> SourceError {
            SourceError(.untrusted, subject: "source", message: message, advice: advice)
        }
        guard let trust = settings.caFile ?? SystemTrust.bundle else {
            throw untrusted("there is no file of trusted certificates on this system", "name one in source.ca_file")
        }
        let files = [
            (trust, "source.ca_file"), (settings.clientCertificate, "source.client_cert"), (settings.clientKey, "source.client_key"),
        ]
        for (file, knob) in files {
            guard let file, let reason = SystemTrust.refusal(of: file) else { continue }
            throw untrusted("cannot read \(file): \(reason)", "correct \(knob)")
        }
        if settings.auth == .mutualTLS, settings.clientCertificate == nil {
            throw untrusted("there is no client certificate to be known by", "name one in source.client_cert")
        }
        guard settings.proxy?.contains("@") != true else {
            throw SourceError(.malformed, subject: "source.proxy", message: "the proxy's URL may not hold a user or a password")
        }
        return trust
    }

    /// Sets every option anew. Connections that are kept alive stay.
    func prepare(_ request: HTTPRequest, _ fields: borrowing CurlFields, _ transfer: HTTPTransfer) throws(SourceError) {
        curl_easy_reset(easy)
        words.pointee = 0
        var code = rollcall_curl_set_error_buffer(easy, words)
        func set(_ option: CURLoption, _ value: Int) { if code == CURLE_OK { code = rollcall_curl_set_number(easy, option, value) } }
        func set(_ option: CURLoption, _ value: String?) { if code == CURLE_OK { code = rollcall_curl_set_text(easy, option, value) } }

        set(CURLOPT_URL, request.url.text)
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_PROTOCOLS_STR, request.url.scheme.rawValue)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_HTTP09_ALLOWED, 0)
        set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        set(CURLOPT_USERAGENT, "Rollcall/\(RollcallVersion.text)")
        // GzipReader does it.
        set(CURLOPT_HTTP_CONTENT_DECODING, 0)
        set(CURLOPT_NOSIGNAL, 1)
        // Otherwise a stop would wait for a name that is being looked up.
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_BUFFERSIZE, 128 << 10)
        set(CURLOPT_CONNECTTIMEOUT_MS, Int(clamping: patience.connect.wholeMilliseconds))
        setProxy(request.url, set)
        if request.url.scheme == .https {
            setTLS(set, set)
            if code == CURLE_OK { code = rollcall_curl_require_alternative_names(easy) }
        }
        if let form = request.form {
            set(CURLOPT_POST, 1)
            set(CURLOPT_POSTFIELDSIZE, form.count)
            set(CURLOPT_COPYPOSTFIELDS, String(decoding: form, as: UTF8.self))
        }
        if code == CURLE_OK { code = rollcall_curl_set_list(easy, CURLOPT_HTTPHEADER, fields.list) }
        if code == CURLE_OK {
            code = rollcall_curl_set_sinks(
                easy, HTTPTransfer.headSink, HTTPTransfer.bodySink, Unmanaged.passUnretained(transfer).toOpaque())
        }
        guard code == CURLE_OK, fields.list != nil else {
            throw SourceError(
                .incomplete, subject: request.url.description, message: "libcurl refused an option: \(CurlLibrary.words(code))",
                advice: "is it version 7.87 or later?")
        }
        // A libcurl without HTTP/2 refuses it, and speaks HTTP/1.1.
        _ = rollcall_curl_set_number(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
    }

    /// The proxy is the config's or none; what is on this machine is reached without it.
    private func setProxy(_ url: ScimURL, _ set: (CURLoption, String?) -> Void) {
        if let proxy = settings.proxy, !url.isLoopback {
            set(CURLOPT_PROXY, proxy)
            set(CURLOPT_NOPROXY, "")
            set(CURLOPT_PROXY_CAINFO, trust)
            set(CURLOPT_PROXY_CAPATH, nil)
        } else {
            set(CURLOPT_PROXY, "")
            set(CURLOPT_NOPROXY, "*")
        }
    }

    private func setTLS(_ set: (CURLoption, Int) -> Void, _ setText: (CURLoption, String?) -> Void) {
        set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        setText(CURLOPT_CAINFO, trust)
        // A folder of certificates is built into libcurl and would be trusted beside the file.
        setText(CURLOPT_CAPATH, nil)
        guard let certificate = settings.clientCertificate else { return }
        setText(CURLOPT_SSLCERT, certificate)
        setText(CURLOPT_SSLKEY, settings.clientKey ?? certificate)
        // Otherwise OpenSSL would ask at the terminal.
        setText(CURLOPT_KEYPASSWD, "")
    }
}
