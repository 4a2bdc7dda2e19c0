import CCurl

/// libcurl itself, which must be set up once before its first use.
enum CurlLibrary {
    /// `CURLE_OK`, or why libcurl cannot be used. The language makes sure that it happens once, whatever thread comes first.
    static let readiness: CURLcode = curl_global_init(Int(CURL_GLOBAL_SSL))

    static func words(_ code: CURLcode) -> String {
        guard let text = curl_easy_strerror(code) else { return "error \(code.rawValue)" }
        return "\(String(cString: text)) (\(code.rawValue))"
    }
}
