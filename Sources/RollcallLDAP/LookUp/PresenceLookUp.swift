import CLDAP
import RollcallCore

/// Looks anchors up one by one, many searches at a time on one connection.
///
/// Each anchor is searched in the whole naming context first, without the filter. Where it is found, a second search with
/// the same base, scope and filter as the reading asks whether the reading had to see it: the server itself decides, by its own
/// matching rules and its own idea of what lies below the base.
///
/// When it is not found and part of the naming context lies on other servers, the same search below the base decides: an entry that
/// is not there is outside of the base, wherever else it may be.
struct PresenceLookUp {
    let session: LDAPSession
    /// Where the reading searches for what is looked up.
    let scope: LDAPSettings.Search
    let referrals: LDAPSettings.ReferralRule
    let anchorName: AttributeName
    /// Where the first search begins: the naming context of the base.
    let context: String

    private static let inFlightLimit = 32
    private static let purpose = "looking up single entries"

    /// A question that waits for its last answer.
    private struct Question {
        let index: Int
        /// The name found by the first search; `nil` while that is the one that runs.
        let foundDN: [UInt8]?
        /// Whether the naming context could not be searched whole, so that the search is below the base alone.
        var isBelowBase = false
        var names: [[UInt8]] = []
        var references = 0
    }

    /// What an anchor's searches came to, before an absence has been proved.
    private enum Finding {
        case decided(Presence)
        case nowhere
        /// Not below the base; the rest of the naming context could not be searched whole.
        case outsideBase
    }

    func run(_ anchors: [Anchor]) throws(SourceError) -> [Presence] {
        var findings: [Finding] = anchors.map { _ in .decided(.unknown("not asked")) }
        var waiting: [Question] = anchors.indices.reversed().map { Question(index: $0, foundDN: nil) }
        var inFlight: [Int32: Question] = [:]
        while !waiting.isEmpty || !inFlight.isEmpty {
            while inFlight.count < PresenceLookUp.inFlightLimit, let question = waiting.popLast() {
                inFlight[try send(question, anchors)] = question
            }
            let message = try session.next(of: -1, while: PresenceLookUp.purpose)
            guard var question = inFlight.removeValue(forKey: message.id) else { continue }
            if message.isEntry {
                if question.names.count < 2 { question.names.append(session.name(of: message)) }
                inFlight[message.id] = question
            } else if message.isReference {
                question.references += 1
                inFlight[message.id] = question
            } else {
                let outcome = try session.outcome(of: message)
                if let next = follow(question, outcome) {
                    waiting.append(next)
                } else {
                    findings[question.index] = settle(question, outcome)
                }
            }
        }
        return try prove(findings)
    }

    private func send(_ question: Question, _ anchors: [Anchor]) throws(SourceError) -> Int32 {
        let anchor = Filter.equalityText(anchorName, anchors[question.index].bytes)
        if question.isBelowBase {
            let request = SearchRequest(base: scope.base, scope: .subtree, filter: anchor, attributes: [])
            return try session.send(request, sizeLimit: 2, while: PresenceLookUp.purpose)
        }
        if question.foundDN == nil {
            let request = SearchRequest(base: context, scope: .subtree, filter: anchor, attributes: [])
            return try session.send(request, sizeLimit: 2, while: PresenceLookUp.purpose)
        }
        let request = SearchRequest(base: scope.base, scope: scope.scope, filter: "(&\(anchor)\(scope.filter))", attributes: [])
        return try session.send(request, sizeLimit: 2, while: PresenceLookUp.purpose)
    }

    /// The second question, when the first found exactly one entry, or nothing in a part of the naming context.
    private func follow(_ question: Question, _ outcome: LDAPOutcome) -> Question? {
        guard question.foundDN == nil, outcome.isSuccess else { return nil }
        if question.names.count == 1, let dn = question.names.first { return Question(index: question.index, foundDN: dn) }
        guard question.names.isEmpty, question.references > 0, referrals == .incomplete, !question.isBelowBase, scope.base != context else {
            return nil
        }
        return Question(index: question.index, foundDN: nil, isBelowBase: true)
    }

    private func settle(_ question: Question, _ outcome: LDAPOutcome) -> Finding {
        if question.names.count > 1 { return .decided(.unknown("several entries carry this anchor")) }
        guard outcome.isSuccess else {
            let place = question.foundDN == nil && !question.isBelowBase ? context : scope.base
            return .decided(.unknown("the search below \(place) ended with \(outcome.phrase)"))
        }
        if let dn = question.foundDN {
            if !question.names.isEmpty { return .decided(.inScope) }
            return .decided(.leftScope(dn: Text(String(decoding: dn, as: UTF8.self))))
        }
        if question.references > 0, referrals == .incomplete {
            let place = question.isBelowBase ? scope.base : context
            return .decided(
                .unknown("part of \(place) lies on another server, where it may be; source.referrals: ignore leaves that out"))
        }
        return question.isBelowBase ? .outsideBase : .nowhere
    }
}

// MARK: - Proving an absence

extension PresenceLookUp {
    /// Turns what was found nowhere into `gone`, once it is sure that such a search sees what is there.
    private func prove(_ findings: [Finding]) throws(SourceError) -> [Presence] {
        let isNeeded = findings.contains { finding in
            if case .decided = finding { false } else { true }
        }
        let doubt = isNeeded ? try doubtOfSearch() : nil
        return findings.map { finding in
            switch finding {
            case .decided(let presence): presence
            case .nowhere: doubt.map { .unknown($0) } ?? .gone
            case .outsideBase:
                doubt.map { .unknown($0) }
                    ?? .notBelowBase(PartialContext(base: Text("\(scope.base)"), context: Text("\(context)")))
            }
        }
    }

    /// Why a search that finds nothing proves nothing; `nil` when it does prove.
    ///
    /// The base must be readable. And if any entry is visible there, its anchor must be found by the same kind of search: an
    /// attribute that may be read but not searched, or that the server does not know, matches nothing and gives success.
    private func doubtOfSearch() throws(SourceError) -> String? {
        let what = "checking that look-ups see what is there"
        guard try session.readEntry(scope.base, attributes: [], while: what) != nil else {
            return "the base \(scope.base) cannot be read, so nothing found proves nothing"
        }
        let sample = try session.search(
            SearchRequest(base: scope.base, scope: scope.scope, filter: scope.filter.description, attributes: ["\(anchorName)"]),
            limit: 1, while: what)
        guard let known = sample.entries.first?.values(anchorName).first else { return nil }
        let probe = try session.search(
            SearchRequest(base: context, scope: .subtree, filter: Filter.equalityText(anchorName, known), attributes: []),
            limit: 2, while: what)
        guard probe.entries.isEmpty else { return nil }
        return """
            a search for the \(anchorName) of an entry that is there finds nothing (\(probe.outcome.phrase)); \
            give this account search access to \(anchorName)
            """
    }
}
