import RollcallCore

extension HTTPConnection {
    /// How many resources the service says a filter selects, without their being listed (RFC 7644 section 3.4.2.4: `count=0`).
    ///
    /// - Throws: ``SourceError`` with code `incomplete` when it refuses, or does not say.
    func total(_ kind: EntryKind, _ filter: String?) throws(SourceError) -> Int {
        var url = base.appending(kind == .user ? "Users" : "Groups").adding("attributes", "id")
        if let filter { url = url.adding("filter", filter) }
        url = url.adding("count", "0")
        let page = try page(url) { _, _ in }
        guard page.answer.status == 200 else { throw refusal(page.answer, url) }
        guard let total = page.envelope.totalResults, total >= 0 else {
            throw SourceError(
                .incomplete, subject: url.description, message: "the service does not say how many there are (totalResults)",
                advice: "leave source.follow out")
        }
        return total
    }
}
