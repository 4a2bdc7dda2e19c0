import RollcallCore

/// One page of a list, as it was taken (RFC 7644 section 3.4.2).
struct ResourcePage {
    let envelope: JSONEnvelope
    /// How many resources it had.
    let count: Int
    /// The status; a page that is no list has none of the above.
    let answer: HTTPAnswer
}

extension HTTPConnection {
    /// The most bytes of one page, once decompressed.
    static let pageLimit = 256 << 20
    /// The most bytes of a feed, once decompressed.
    static let feedLimit = (1 << 30) - 1
    /// The most bytes of a single resource, once decompressed: no more of it is read as JSON.
    static let resourceLimit = JSONLimits().bytes

    /// Asks for a list and shows each of its resources.
    ///
    /// - Parameter headers: Further fields of the request.
    /// - Throws: ``SourceError`` when what comes is no JSON, or more of it than is accepted. Another status than 200 is not thrown.
    func page(
        _ url: ScimURL, limit: Int = HTTPConnection.pageLimit, headers: [(String, String)] = [], takesRefusals: Bool = false,
        take: @escaping (JSONElement, String?) throws(SourceError) -> Void
    ) throws(SourceError) -> ResourcePage {
        var count = 0
        var failure: SourceError?
        let stream = JSONStream(.document) { resource, _, repeated in
            count += 1
            guard failure == nil else { return }
            do throws(SourceError) { try take(resource, repeated) } catch { failure = error }
        }
        let answer = try get(url, headers: headers, limit: limit, takesRefusals: takesRefusals) { (bytes) throws(SourceError) in
            do throws(JSONFault) { try stream.feed(bytes) } catch { throw malformed(error, url) }
            if let failure { throw failure }
        }
        guard answer.status == 200 else { return ResourcePage(envelope: stream.envelope, count: 0, answer: answer) }
        do throws(JSONFault) { try stream.finish() } catch { throw malformed(error, url) }
        if let failure { throw failure }
        guard stream.envelope.isList else {
            throw SourceError(
                .malformed, subject: url.description, message: "the answer is no list: it has neither Resources nor totalResults",
                advice: "is source.url the base of the service, above /Users and /Groups?")
        }
        return ResourcePage(envelope: stream.envelope, count: count, answer: answer)
    }

    /// The error for an answer that is no usable JSON.
    func malformed(_ fault: JSONFault, _ url: ScimURL) -> SourceError {
        switch fault.kind {
        case .unfinished:
            SourceError(
                .unstable, subject: url.description, message: "the answer was cut short: \(fault.message)",
                advice: "look for a proxy or a limit on the way")
        case .malformed:
            SourceError(
                .malformed, subject: url.description, message: "the answer is no usable JSON: \(fault.message)",
                advice: "is source.url the base of the service, and is nothing in between that answers for it?")
        case .tooLarge:
            SourceError(
                .incomplete, subject: url.description, message: "the answer is more than is accepted: \(fault.message)",
                advice: "a smaller source.page_size may help; one resource that large is not read")
        }
    }

    /// The error for a list that was answered with another status than 200.
    func refusal(_ answer: HTTPAnswer, _ url: ScimURL) -> SourceError {
        let asksChanges = url.query?.contains(ScimFilter.lastModified) ?? false
        let advice =
            switch answer.status {
            case 400 where asksChanges, 501 where asksChanges:
                "the service does not filter by \(ScimFilter.lastModified); if that stays so, leave source.follow out"
            case 400: "look at source.users.filter, source.groups.filter and source.page_size"
            case 404: "is source.url the base of the service, above /Users and /Groups?"
            default: "look into the log of the service"
            }
        return SourceError(
            .incomplete, subject: url.description, message: "the service answered \(answer.status)\(quoted(answer))", advice: advice)
    }
}
