import RollcallCore

extension ReadingJob {
    /// Reads a feed: one document with users and groups, which is asked for only if it is another one than the last applied.
    func readFeed() throws(SourceError) -> ReadProof {
        let url = connection.base
        var headers: [(String, String)] = []
        if !request.isRaw, let known = request.known.flatMap(FeedMark.init(kept:)) { headers.append(("If-None-Match", known.etag)) }
        let page = try connection.page(url, limit: HTTPConnection.feedLimit, headers: headers) {
            [self] (resource, repeated) throws(SourceError) in
            decoder.take(resource, repeating: repeated)
            try deliver(always: false)
        }
        answered = page.answer.date
        if page.answer.status == 304, !headers.isEmpty {
            var proof = proof
            proof.extent = .unchanged
            proof.watermark = request.known
            return proof
        }
        guard page.answer.status == 200 else { throw connection.refusal(page.answer, url) }
        if let lack = page.envelope.lack(with: page.count, in: "feed") {
            throw SourceError(
                .incomplete, subject: url.description, message: lack,
                advice: "a feed has everything in one document; if the service gives pages, leave source.feed out")
        }
        decoder.notes.note(page.envelope)
        if let type = page.answer.mediaType, type != "application/scim+json", type != "application/json" { decoder.notes.note(.mediaType) }
        decoder.finish()
        try deliver(always: true)
        var proof = proof
        proof.watermark = page.answer.etag.flatMap { FeedMark(etag: $0)?.text }
        return proof
    }
}
