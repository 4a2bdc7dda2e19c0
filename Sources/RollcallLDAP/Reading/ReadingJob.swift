import RollcallCore
import RollcallReading

/// One reading, as it runs on its thread: groups first, then users, between two looks at the server's watermark.
///
/// Groups come first so that somebody who joins a group meanwhile is missing from the group rather than from the people.
struct ReadingJob {
    let session: LDAPSession
    let channel: BatchChannel
    let settings: LDAPSettings
    let request: ReadRequest
    let rootDSE: RootDSE?

    func run() throws(SourceError) -> ReadProof {
        let context = rootDSE?.namingContext(of: settings.users.base)
        let before = try watermark(context)
        var groups = PagedTally()
        if request.readsGroups, let search = settings.groups {
            groups = try readGroups(search)
        }
        let users = try readUsers()
        let after = try watermark(context)
        if let before, let after, after.isBehind(before) {
            throw SourceError(
                .unstable, subject: session.subject,
                message: "contextCSN of \(context ?? "") went back from \(before.text) to \(after.text) during the reading",
                advice: "a balancer that mixes servers does this; name one server in source.url")
        }
        var proof = ReadProof(
            server: session.subject, users: users.parsed, groups: groups.parsed, rejected: users.rejected + groups.rejected,
            pages: users.pages + groups.pages, result: ResultCode.success.number, watermark: (before ?? after)?.text,
            referralsIgnored: users.references + groups.references)
        proof.timeMarks.newestChange = (after ?? before)?.newest
        if request.isRaw { proof.groupSearch = SearchShare(pages: groups.pages, referralsIgnored: groups.references) }
        return proof
    }

    private func readGroups(_ search: LDAPSettings.Search) throws(SourceError) -> PagedTally {
        let names = GroupDecoder.attributes(request)
        if request.isRaw {
            var decoder = RawDecoding(.group)
            return try pagedSearch("groups", search, RawDecoding.attributes(names + search.filter.attributes)).run(&decoder)
        }
        var decoder = GroupDecoder(request)
        return try pagedSearch("groups", search, names.map { "\($0)" }).run(&decoder)
    }

    private func readUsers() throws(SourceError) -> PagedTally {
        let names = request.users.names
        if request.isRaw {
            var decoder = RawDecoding(.user)
            return try pagedSearch("users", settings.users, RawDecoding.attributes(names + settings.users.filter.attributes)).run(&decoder)
        }
        var decoder = UserDecoder(request.users)
        return try pagedSearch("users", settings.users, names.map { "\($0)" }).run(&decoder)
    }

    private func watermark(_ context: String?) throws(SourceError) -> ContextCSN? {
        guard let context else { return nil }
        return try ContextCSN.read(session, of: context)
    }

    private func pagedSearch(_ kind: String, _ search: LDAPSettings.Search, _ names: [String]) -> PagedSearch {
        PagedSearch(
            session: session, channel: channel, settings: settings, kind: kind,
            request: SearchRequest(
                base: search.base, scope: search.scope, filter: search.filter.description, attributes: names))
    }
}
