/// Watches a paged search for answers that lead nowhere.
///
/// RFC 2696 gives the client nothing but a cookie. A server (or a balancer between several) that loses it, gives the same one for
/// ever, or sends empty pages without an end would be read without end or, worse, be taken for whole.
struct PageLedger {
    /// What is wrong with the sequence of pages.
    enum Fault: Error, Equatable {
        /// The answer had no paging control: the server ignored ours, and nothing proves that this was the last page.
        case controlMissing
        case cookieRepeated
        case emptyPages(Int)
    }

    /// This many empty pages in a row are no search result.
    static let emptyPageLimit = 1000

    /// Whether an unchanged cookie alone is a fault. 389-ds numbers the search instead of the page, so for servers that are not
    /// known the page has to begin with the same entry, too.
    let isCookieUnique: Bool

    private(set) var pages = 0
    private var emptyPages = 0
    private var former: Mark?
    /// A mark from earlier, moved on at the powers of two: a cycle of any length meets it (Brent's method).
    private var milestone: Mark?
    private var nextMilestone = 2

    private struct Mark: Equatable {
        let cookie: [UInt8]
        let firstEntry: [UInt8]
    }

    init(isCookieUnique: Bool) {
        self.isCookieUnique = isCookieUnique
    }

    /// Notes the end of a page and gives the cookie for the next; `nil` after the last page.
    ///
    /// - Parameters:
    ///   - cookie: The answer's cookie, `nil` when it had no paging control.
    ///   - entries: How many entries and references the page had.
    ///   - firstEntry: The name of its first entry.
    mutating func turn(cookie: [UInt8]?, entries: Int, firstEntry: [UInt8]) throws(Fault) -> [UInt8]? {
        pages += 1
        guard let cookie else { throw .controlMissing }
        if cookie.isEmpty { return nil }
        emptyPages = entries == 0 ? emptyPages + 1 : 0
        guard emptyPages < PageLedger.emptyPageLimit else { throw .emptyPages(emptyPages) }
        let mark = Mark(cookie: cookie, firstEntry: isCookieUnique ? [] : firstEntry)
        // Empty pages have no first entry; they are counted above.
        let isComparable = isCookieUnique || !firstEntry.isEmpty
        if isComparable, mark == former || mark == milestone { throw .cookieRepeated }
        former = mark
        if pages == nextMilestone {
            milestone = mark
            nextMilestone *= 2
        }
        return cookie
    }
}
