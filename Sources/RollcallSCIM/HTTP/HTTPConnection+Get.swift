package import RollcallCore

extension HTTPConnection {
    /// The most redirects that are followed in a row.
    private static let mostRedirects = 5

    /// Asks for a document, as often as ``RetryRule`` allows, and hands its body on as it comes.
    ///
    /// Only the body of a 200 is handed on, decompressed, in pieces as they arrive. A body without a length that the server ends by
    /// closing cannot be known to be whole: whoever takes it must know its own end, as JSON does.
    ///
    /// - Parameters:
    ///   - url: Of the service's own origin.
    ///   - headers: Further fields; `Accept` replaces ours.
    ///   - limit: The most bytes of a body, once decompressed.
    ///   - takesRefusals: Whether 403, and what is still busy after all tries, is an answer too and is not thrown.
    ///   - head: Called once before the body of a 200; what it throws ends the transfer.
    ///   - body: Lent the bytes; what it throws ends the transfer and is thrown.
    /// - Returns: The answer, unless its status is 401 or 403 (`credentials`) or one that was tried again to no avail.
    /// - Throws: ``SourceError``.
    package func get(
        _ url: ScimURL, headers: [(String, String)] = [], limit: Int, takesRefusals: Bool = false,
        head: (HTTPAnswer) throws(SourceError) -> Void = { _ in }, body: (UnsafeBufferPointer<UInt8>) throws(SourceError) -> Void
    ) throws(SourceError) -> HTTPAnswer {
        try withoutActuallyEscaping(head) { (head: @escaping HTTPTransfer.Head) throws(SourceError) -> HTTPAnswer in
            try withoutActuallyEscaping(body) { (body: @escaping HTTPTransfer.Body) throws(SourceError) -> HTTPAnswer in
                try follow(url, headers, limit, takesRefusals, head, body)
            }
        }
    }

    private func follow(
        _ url: ScimURL, _ headers: [(String, String)], _ limit: Int, _ takesRefusals: Bool, _ head: @escaping HTTPTransfer.Head,
        _ body: @escaping HTTPTransfer.Body
    ) throws(SourceError) -> HTTPAnswer {
        guard url.origin == base.origin else { throw foreign(url.description, "the service names a document at \(url.origin)") }
        var fields = headers.map { (name: $0.0, value: $0.1) }
        if !fields.contains(where: { $0.name.lowercased() == "accept" }) {
            fields.append((name: "Accept", value: "application/scim+json, application/json"))
        }
        var current = url
        for _ in 0...HTTPConnection.mostRedirects {
            var request = HTTPRequest(url: current, fields: fields, limit: limit)
            request.takesRefusals = takesRefusals
            let (answer, redirect) = try persist(request, isAuthorized: true, head, body)
            guard [301, 302, 303, 307, 308].contains(answer.status), let redirect else { return answer }
            let target = try redirectTarget(redirect, of: current)
            guard target.origin == base.origin else {
                throw foreign(current.description, "it redirects (\(answer.status)) to \(target.origin)")
            }
            current = target
        }
        throw SourceError(
            .incomplete, subject: url.description, message: "it redirects more than \(HTTPConnection.mostRedirects) times",
            advice: "correct source.url")
    }

    private func redirectTarget(_ text: String, of url: ScimURL) throws(SourceError) -> ScimURL {
        do throws(SourceError) {
            return try ScimURL(String(text.prefix { $0 != "#" }), knob: url.description)
        } catch {
            throw SourceError(
                .incomplete, subject: url.description, message: "it redirects to what is no usable address: \(error.message)",
                advice: "correct source.url")
        }
    }

    func foreign(_ subject: String, _ what: String) -> SourceError {
        SourceError(
            .incomplete, subject: subject, message: "\(what); credentials go to \(base.origin) only",
            advice: "if that is where the service is now, name it in source.url")
    }
}
