package import RollcallCore

/// What a server answered, its body left out when that was handed on.
package struct HTTPAnswer: Hashable, Sendable {
    package var status: Int
    /// In lower case and without parameters, for instance `application/scim+json`; `nil` when the server does not say.
    package var mediaType: String?
    /// In lower case, for instance `utf-8`; `nil` when the server does not say.
    package var charset: String?
    /// As it came, with its quotes and a `W/` if any.
    package var etag: String?
    /// How long the server asks us to wait, by its own clock when it gives a date; never negative.
    package var retryAfter: Span?
    /// When the server says that it answered.
    package var date: Instant?
    /// The first 64 KiB of a body that was not handed on, because the status is another one than 200. Our
    /// secrets are left out of it.
    package var errorText = ""

    package init(status: Int) {
        self.status = status
    }

    init(_ head: HTTPHead) {
        status = head.status
        if let type = head[.contentType] {
            let parts = type.split(separator: ";").map { $0.trimmed }
            mediaType = parts.first.flatMap { $0.isEmpty ? nil : $0.lowercased() }
            charset =
                parts.dropFirst().lazy.compactMap { part in
                    let pair = part.split(separator: "=", maxSplits: 1).map { $0.trimmed }
                    guard pair.count == 2, pair[0].lowercased() == "charset" else { return nil }
                    return pair[1].filter { $0 != "\"" }.lowercased()
                }.first
        }
        etag = head[.etag]
        date = head[.date].flatMap { HTTPDate.parse($0) }
        retryAfter = head[.retryAfter].flatMap { HTTPAnswer.span($0, since: date ?? .now) }
    }

    /// `Retry-After` in either form (RFC 9110 section 10.2.3).
    private static func span(_ text: String, since now: Instant) -> Span? {
        if !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) {
            return Span(seconds: Int64(text).map { min($0, Span.longest.seconds) } ?? Span.longest.seconds)
        }
        guard let date = HTTPDate.parse(text) else { return nil }
        return Span(seconds: min(max(date.span(since: now).seconds, 0), Span.longest.seconds))
    }
}

extension Substring {
    /// Without blanks and tabs at either end.
    fileprivate var trimmed: Substring {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var rest = drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return rest
    }
}
