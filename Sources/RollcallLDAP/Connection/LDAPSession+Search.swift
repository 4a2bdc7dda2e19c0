import CLDAP
import RollcallCore

/// What one search asks for, RFC 4511 section 4.5.1.
struct SearchRequest: ~Copyable {
    let base: String
    let scope: LDAPSettings.Scope
    let filter: String
    let attributes: CStringList

    /// - Parameter attributes: The names asked for; none asks for no attribute at all.
    init(base: String, scope: LDAPSettings.Scope, filter: String, attributes: [String]) {
        self.base = base
        self.scope = scope
        self.filter = filter
        self.attributes = CStringList(attributes.isEmpty ? ["1.1"] : attributes)
    }
}

/// The few entries of a small search, and how it ended.
struct SearchAnswer {
    var entries: [PlainEntry] = []
    var references = 0
    var outcome = LDAPOutcome(code: .success, diagnostic: "", cookie: nil)
}

extension LDAPSession {
    /// Sends a search and gives its id.
    func send(
        _ request: borrowing SearchRequest, sizeLimit: Int = 0, pageSize: Int = 0, cookie: [UInt8] = [],
        while what: @autoclosure () -> String
    ) throws(SourceError) -> Int32 {
        var id: Int32 = 0
        let scope: Int32 =
            switch request.scope {
            case .base: 0
            case .one: 1
            case .subtree: 2
            }
        let sent = request.attributes.lend { attributes in
            rollcall_ldap_search(
                handle, request.base, scope, request.filter, attributes, Int32(clamping: sizeLimit), Int32(clamping: pageSize), cookie,
                cookie.count, &id)
        }
        guard sent == 0 else { throw unsent(sent, what()) }
        return id
    }

    /// Searches for a handful of entries and keeps them all, at most `limit`.
    func search(
        _ request: borrowing SearchRequest, limit: Int, pageSize: Int = 0, while what: @autoclosure () -> String
    ) throws(SourceError) -> SearchAnswer {
        let id = try send(request, sizeLimit: limit, pageSize: pageSize, while: what())
        var answer = SearchAnswer()
        while true {
            let message = try next(of: id, while: what())
            if message.isEntry {
                if answer.entries.count < max(limit, pageSize) { answer.entries.append(try plainEntry(message)) }
            } else if message.isReference {
                answer.references += 1
            } else {
                answer.outcome = try outcome(of: message)
                return answer
            }
        }
    }

    /// Reads one entry by its name; `nil` when the server does not show it, for whatever reason.
    func readEntry(_ dn: String, attributes: [String], while what: @autoclosure () -> String) throws(SourceError) -> PlainEntry? {
        let request = SearchRequest(base: dn, scope: .base, filter: "(objectClass=*)", attributes: attributes)
        let answer = try search(request, limit: 1, while: what())
        return answer.outcome.isSuccess ? answer.entries.first : nil
    }
}
