import RollcallCore

/// Reads all pages of one kind of resource, and proves that nothing is missing.
///
/// | the service | what is done |
/// | --- | --- |
/// | gives fewer than were asked for | the next page begins behind what came |
/// | has given as many as `totalResults` | one page more is asked for, which must bring nothing new |
/// | gives a page again | by cursors, if it has them; else it must have been all: not as long as was asked for, nor shorter when fewer are |
/// | sends `nextCursor` | by cursors from there |
/// | lets a cursor expire | from the start again; what has come is passed over |
/// | changes `totalResults`, or gives other than so many ids | the reading is not whole |
/// | says no total | the end is an empty page, or the last cursor |
final class ResourceList {
    let kind: EntryKind
    private let connection: HTTPConnection
    private let url: ScimURL
    private let settings: ScimSettings
    private let facts: ServiceFacts
    private let decoder: ResourceDecoder
    private let take: (JSONElement, String?) throws(SourceError) -> Void
    private let afterPage: () throws(SourceError) -> Void
    /// Whether the service was asked for a part by a filter.
    private let isFiltered: Bool

    private(set) var pages = 0
    /// What the service says there is.
    private(set) var total: Int?
    /// Another total that some page said.
    private var otherTotal: Int?
    private var lackedTotal = false
    /// The first id on the last page; `nil` when there was none.
    private var firstID: [UInt8]?
    /// When the service answered last, by its own clock.
    private(set) var answered: Instant?

    /// Cursors may expire so often.
    private static let mostRestarts = 3
    /// So many pages in a row may bring nothing new while cursors go on.
    private static let mostIdlePages = 100

    /// - Parameters:
    ///   - url: The list with all that each page is asked with.
    ///   - afterPage: Called behind each page.
    init(
        _ kind: EntryKind, _ connection: HTTPConnection, _ url: ScimURL, _ settings: ScimSettings, _ facts: ServiceFacts,
        _ decoder: ResourceDecoder, isFiltered: Bool, take: @escaping (JSONElement, String?) throws(SourceError) -> Void,
        afterPage: @escaping () throws(SourceError) -> Void
    ) {
        self.kind = kind
        self.connection = connection
        self.url = url
        self.settings = settings
        self.facts = facts
        self.decoder = decoder
        self.isFiltered = isFiltered
        self.take = take
        self.afterPage = afterPage
    }

    /// What became of the proof.
    enum Proof {
        case whole
        /// `totalResults` does not count what the filter selects.
        case unprovedFilter(SourceError)
    }

    func read() throws(SourceError) -> Proof {
        switch settings.pagination {
        case .cursor: try readByCursor(from: nil)
        case .index: try readByIndex(mayUseCursors: false)
        case .auto: if facts.prefersCursors { try readByCursor(from: nil) } else { try readByIndex(mayUseCursors: true) }
        }
        return try prove()
    }

    // MARK: - Pages

    private var pageSize: Int { min(settings.pageSize, max(facts.largestPage ?? .max, 1)) }

    private func page(_ url: ScimURL) throws(SourceError) -> ResourcePage {
        decoder.beginPage()
        firstID = nil
        let page = try connection.page(url) { [self] (resource, repeated) throws(SourceError) in
            firstID = firstID ?? resource.member("id")?.bytes
            try take(resource, repeated)
        }
        pages += 1
        answered = page.answer.date ?? answered
        guard page.answer.status == 200 else { return page }
        decoder.notes.note(page.envelope)
        if let type = page.answer.mediaType, type != "application/scim+json", type != "application/json" { decoder.notes.note(.mediaType) }
        if let total = page.envelope.totalResults {
            if let before = self.total, before != total { otherTotal = total }
            self.total = self.total ?? total
        } else {
            lackedTotal = true
        }
        try afterPage()
        return page
    }

    private var count: Int { decoder.count(of: kind) }

    /// How many ids have come, and how many resources without one.
    private var progress: (ids: Int, anonymous: Int) {
        let anonymous = decoder.anonymousCount(of: kind)
        return (count - anonymous, anonymous)
    }

    private func readByIndex(mayUseCursors: Bool) throws(SourceError) {
        var start = 1
        var idle = 0
        while true {
            let before = progress
            let asked = url.adding("startIndex", "\(start)").adding("count", "\(pageSize)")
            let page = try page(asked)
            guard page.answer.status == 200 else {
                // Behind the end some services have nothing to say.
                if start > 1, [400, 404, 416].contains(page.answer.status), hasAll { return }
                throw connection.refusal(page.answer, asked)
            }
            if let cursor = page.envelope.nextCursor { return try readByCursor(from: cursor) }
            if let echoed = page.envelope.startIndex, echoed != start, page.count > 0 { decoder.notes.note(.startIndex) }
            if page.count == 0 { return }
            start += page.count
            idle = progress.ids > before.ids ? 0 : idle + 1
            // What has no id may look otherwise each time it comes, so it counts only on a page of nothing else.
            let isNew = idle == 0 || progress.anonymous - before.anonymous == page.count
            guard isNew, idle < ResourceList.mostIdlePages else { return try goOn(fromRepeated: page, mayUseCursors) }
            if page.count < pageSize, let total, start <= total { decoder.notes.note(.cutPages) }
            if let total, count > total { return }
        }
    }

    /// The service gave a page again. It may have no more, or it may ignore `startIndex`: then `totalResults` can be the length of that one
    /// page, and only a cursor leads on.
    private func goOn(fromRepeated repeated: ResourcePage, _ mayUseCursors: Bool) throws(SourceError) {
        let isFull = repeated.count == pageSize
        let first = firstID
        if repeated.envelope.isBare {
            guard !isFull else { throw stuck("the service gives the same full page again for another startIndex") }
            return try checkOnlyPage(repeated, first)
        }
        guard mayUseCursors else { throw stuck("the service gives the same page again for another startIndex") }
        let page = try page(url.adding("cursor", "").adding("count", "\(pageSize)"))
        decoder.notes.note(.startIndexIgnored)
        if page.answer.status == 200, let cursor = page.envelope.nextCursor {
            // What was said of one page is no total.
            (total, otherTotal) = (nil, nil)
            return try readByCursor(from: cursor)
        }
        guard !isFull, hasAll || (total == nil && facts.cursors == true) else {
            throw stuck("the service gives the same page again for another startIndex, and has no cursors")
        }
        try checkOnlyPage(repeated, first)
    }

    /// Makes sure that the only page holds all, by asking for its second half.
    ///
    /// A service that gives the first half then goes by `count` and not by `startIndex`: nothing tells whether it has cut the page as
    /// well, unless a cursor leads on from that half and none does from the page.
    private func checkOnlyPage(_ repeated: ResourcePage, _ first: [UInt8]?) throws(SourceError) {
        guard repeated.count > 1, repeated.count < pageSize, repeated.count >= count else { return }
        // What is said of a half is no total.
        let totals = (total, otherTotal)
        defer { (total, otherTotal) = totals }
        let half = repeated.count / 2
        let second = try page(url.adding("startIndex", "\(half + 1)").adding("count", "\(half)"))
        if second.answer.status == 200, second.count == repeated.count || firstID != first { return }
        let byCursor = repeated.envelope.isBare ? nil : try page(url.adding("cursor", "").adding("count", "\(half)"))
        guard byCursor?.envelope.nextCursor != nil else {
            throw stuck("the service goes by count and ignores startIndex, so that nothing shows whether its one page is all")
        }
    }

    private var hasAll: Bool { total.map { count >= $0 } ?? false }

    private func readByCursor(from first: Text?) throws(SourceError) {
        var cursor = first
        var met: Set<Text> = []
        var restarts = 0
        var idle = 0
        // The pages since the start, and how many came before it that come again.
        var read = 0
        var passed = 0
        while true {
            let before = progress
            let asked = url.adding("cursor", cursor?.string ?? "").adding("count", "\(pageSize)")
            let page = try page(asked)
            guard page.answer.status == 200 else {
                guard cursor != nil, page.answer.isLostCursor, restarts < ResourceList.mostRestarts else {
                    throw connection.refusal(page.answer, asked)
                }
                restarts += 1
                decoder.notes.note(.cursorExpired)
                cursor = nil
                met = []
                (passed, read, idle) = (max(passed, read), 0, 0)
                continue
            }
            read += 1
            guard let next = page.envelope.nextCursor else {
                if cursor == nil, page.envelope.totalResults.map({ $0 > count }) ?? false {
                    throw stuck("the service gives no nextCursor and fewer than totalResults")
                }
                return
            }
            idle = progress.ids > before.ids ? 0 : idle + 1
            guard met.insert(next).inserted, idle < ResourceList.mostIdlePages + passed else {
                throw stuck("the service goes on with cursors and gives nothing new")
            }
            cursor = next
        }
    }

    private func stuck(_ message: String) -> SourceError {
        SourceError(
            .incomplete, subject: url.description, message: "\(message); \(count) came",
            advice: settings.pagination == .auto
                ? "a source.page_size above the number of users may get all at once" : "source.pagination: auto tries both ways")
    }

    // MARK: - Proof

    private func prove() throws(SourceError) -> Proof {
        guard let total else {
            if lackedTotal { decoder.notes.note(.noTotal) }
            return .whole
        }
        if let otherTotal { throw unproved("totalResults went from \(total) to \(otherTotal) during the reading") }
        if count == total - 1, try findsZeroth() { decoder.notes.note(.zeroBased) }
        guard count != total else { return .whole }
        let error = unproved("\(count) different \(kind == .user ? "users" : "groups") came, and totalResults is \(total)")
        if isFiltered { return .unprovedFilter(error) }
        throw error
    }

    /// Whether the first resource is at index 0, where a service must count from 1.
    private func findsZeroth() throws(SourceError) -> Bool {
        let before = count
        let page = try page(url.adding("startIndex", "0").adding("count", "1"))
        return page.answer.status == 200 && count == before + 1
    }

    private func unproved(_ message: String) -> SourceError {
        SourceError(
            .unstable, subject: url.description, message: message,
            advice: "the directory changed meanwhile, or the service does not count right")
    }
}

extension HTTPAnswer {
    /// Whether a cursor is refused because it has expired or is not known any more (RFC 9865 section 3).
    fileprivate var isLostCursor: Bool {
        guard status == 400 || status == 404 || status == 410 else { return false }
        let text = errorText.lowercased()
        return text.contains("expiredcursor") || text.contains("invalidcursor")
    }
}
