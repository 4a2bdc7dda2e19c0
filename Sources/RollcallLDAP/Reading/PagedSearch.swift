import RollcallCore
import RollcallReading

/// Takes the entries of a search as they come and collects them into batches.
protocol EntrySink {
    /// Whether the batch should be handed over now.
    var isFull: Bool { get }
    mutating func add(_ message: borrowing LDAPMessage, _ session: LDAPSession) throws(SourceError)
    mutating func takeBatch() -> EntryBatch
}

/// What a whole paged search came to.
struct PagedTally {
    var pages = 0
    var entries = 0
    var parsed = 0
    var rejected = 0
    var references = 0
}

/// One search read to its end, page by page (RFC 2696).
///
/// The request for a page leaves as soon as the page before is complete and before its last entries are handed over, so that the
/// server works while we do.
struct PagedSearch: ~Copyable {
    let session: LDAPSession
    let channel: BatchChannel
    let settings: LDAPSettings
    /// `users` or `groups`, for messages.
    let kind: String
    let request: SearchRequest

    func run(_ sink: inout some EntrySink) throws(SourceError) -> PagedTally {
        var tally = PagedTally()
        var ledger = PageLedger(isCookieUnique: settings.flavor == .openldap)
        var cookie: [UInt8]? = []
        var id = try sendPage([], tally)
        session.isStreaming = true
        defer { session.isStreaming = false }
        while cookie != nil {
            var firstEntry: [UInt8] = []
            var pageEntries = 0
            let outcome: LDAPOutcome
            while true {
                let message = try session.next(of: id, while: sentence(tally))
                if message.isEntry {
                    if pageEntries == 0 { firstEntry = try firstName(message) }
                    pageEntries += 1
                    tally.entries += 1
                    try sink.add(message, session)
                    if sink.isFull { try handOver(&sink, &tally) }
                } else if message.isReference {
                    pageEntries += 1
                    tally.references += 1
                    if settings.referrals == .incomplete { throw referralInside(tally) }
                } else {
                    outcome = try session.outcome(of: message)
                    break
                }
            }
            guard outcome.isSuccess else { throw ended(outcome, tally) }
            do throws(PageLedger.Fault) {
                cookie = try ledger.turn(cookie: outcome.cookie, entries: pageEntries, firstEntry: firstEntry)
            } catch {
                throw broken(error, tally)
            }
            tally.pages = ledger.pages
            if let cookie { id = try sendPage(cookie, tally) }
        }
        try handOver(&sink, &tally)
        guard tally.parsed + tally.rejected == tally.entries else {
            throw SourceError(
                .incomplete, subject: session.subject,
                message: "\(tally.entries) \(kind) came, but \(tally.parsed) were parsed and \(tally.rejected) rejected")
        }
        return tally
    }

    private func handOver(_ sink: inout some EntrySink, _ tally: inout PagedTally) throws(SourceError) {
        let batch = sink.takeBatch()
        guard batch.count > 0 else { return }
        tally.parsed += batch.users.count + batch.groups.count + batch.raw.count
        tally.rejected += batch.rejected.count
        guard !session.patience.isOver else { throw session.patience.error(session.subject, while: sentence(tally)) }
        try channel.send(batch, session.patience)
    }

    private func sendPage(_ cookie: [UInt8], _ tally: PagedTally) throws(SourceError) -> Int32 {
        try session.send(request, pageSize: settings.pageSize, cookie: cookie, while: sentence(tally))
    }

    /// Reading an entry's name leaves the message as it was, for the sink to read it again.
    private func firstName(_ message: borrowing LDAPMessage) throws(SourceError) -> [UInt8] {
        if settings.flavor == .openldap { return [] }
        return session.name(of: message)
    }
}

// MARK: - Messages

extension PagedSearch {
    private func sentence(_ tally: PagedTally) -> String {
        "reading \(kind) below \(request.base), after \(tally.entries) entries and \(tally.pages) whole pages"
    }

    private func ended(_ outcome: LDAPOutcome, _ tally: PagedTally) -> SourceError {
        SourceError(
            .incomplete, subject: session.subject, message: "\(sentence(tally)), the server answered \(outcome.phrase)",
            advice: outcome.code.searchAdvice(base: request.base, pageSize: settings.pageSize))
    }

    private func referralInside(_ tally: PagedTally) -> SourceError {
        SourceError(
            .incomplete, subject: session.subject,
            message: "\(sentence(tally)), a referral to another server came (result \(ResultCode.referral)); it is not followed",
            advice: "narrow the base, or set source.referrals: ignore if what lies there is not meant")
    }

    private func broken(_ fault: PageLedger.Fault, _ tally: PagedTally) -> SourceError {
        let what =
            switch fault {
            case .controlMissing: "the answer had no paging control, so that nothing proves it whole"
            case .cookieRepeated: "the server gave a paging cookie twice and would go round for ever"
            case .emptyPages(let count): "\(count) pages in a row were empty"
            }
        return SourceError(
            .incomplete, subject: session.subject, message: "\(sentence(tally)), \(what)",
            advice: "a balancer that mixes servers does this; name one server in source.url")
    }
}
