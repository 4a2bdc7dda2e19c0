import CLDAP
import RollcallCore
import RollcallReading

/// Collects probes on one connection.
struct Prober {
    let settings: LDAPSettings
    let request: ReadRequest
    private(set) var probes: [SourceProbe] = []

    init(settings: LDAPSettings, request: ReadRequest) {
        self.settings = settings
        self.request = request
    }

    /// The most entries that are looked at.
    private static let sampleSize = 1000

    mutating func add(_ error: SourceError) {
        probes.append(SourceProbe(error))
    }

    mutating func look(_ session: LDAPSession, _ directory: LDAPDirectory) throws(SourceError) {
        probes.append(SourceProbe("connection", .ok, "\(session.subject) answers"))
        lookAtChannel(session)
        let rootDSE = try directory.introduce(session)
        try lookAtIdentity(session, rootDSE)
        lookAtAbilities(rootDSE)
        if request.readsGroups {
            if let groups = settings.groups {
                let asked = [request.groupAnchor, request.groupName] + request.groupMembers
                try lookAt("groups", groups, asked, needed: 2, session)
            } else {
                probes.append(
                    SourceProbe("groups", .failure, "rules name groups, but no base for groups is set", advice: "set source.groups"))
            }
        }
        try lookAt("users", settings.users, request.users.names, needed: 1, session)
    }

    private mutating func lookAtChannel(_ session: LDAPSession) {
        guard let version = rollcall_ldap_tls_version(session.handle) else {
            let isLocal = rollcall_peer_is_local(session.descriptor) != 0
            probes.append(
                isLocal
                    ? SourceProbe("encryption", .ok, "none; the channel does not leave this machine")
                    : SourceProbe("encryption", .warning, "none", advice: "use ldaps://, or set start_tls: true"))
            return
        }
        defer { ldap_memfree(version) }
        probes.append(SourceProbe("encryption", .ok, "\(SourceError.oneLine(version)), certificate verified"))
    }

    private mutating func lookAtIdentity(_ session: LDAPSession, _ rootDSE: RootDSE?) throws(SourceError) {
        guard rootDSE?.extensions.contains(RootDSE.whoAmI) ?? false, let identity = try session.whoAmI() else {
            probes.append(SourceProbe("identity", .warning, "the server does not tell whom it takes us for"))
            return
        }
        probes.append(SourceProbe("identity", .ok, identity.isEmpty ? "anonymous" : identity))
    }

    private mutating func lookAtAbilities(_ rootDSE: RootDSE?) {
        guard let rootDSE else {
            probes.append(SourceProbe("server", .warning, "the root DSE is hidden", advice: "let this account read the root DSE"))
            return
        }
        probes.append(SourceProbe("server", .ok, rootDSE.vendor.isEmpty ? "it does not name its vendor" : rootDSE.vendor))
        probes.append(
            rootDSE.controls.contains(RootDSE.pagedResults)
                ? SourceProbe("paging", .ok, "offered, pages of \(settings.pageSize)")
                : SourceProbe("paging", .failure, "not offered (RFC 2696)", advice: "allow the control on the server"))
        if let context = rootDSE.namingContext(of: settings.users.base) {
            probes.append(SourceProbe("naming context", .ok, context))
        } else {
            probes.append(
                SourceProbe(
                    "naming context", .warning, "none of \(rootDSE.namingContexts.joined(separator: "; ")) holds \(settings.users.base)",
                    advice: "without it who left the base cannot be told from who is gone; correct the base"))
        }
    }

    /// - Parameter needed: How many of the attributes, from the first, every entry must have.
    private mutating func lookAt(
        _ title: String, _ search: LDAPSettings.Search, _ names: [AttributeName], needed: Int, _ session: LDAPSession
    ) throws(SourceError) {
        let what = "looking at \(title)"
        let base = try session.search(
            SearchRequest(base: search.base, scope: .base, filter: "(objectClass=*)", attributes: []), limit: 1, while: what)
        guard base.outcome.isSuccess, !base.entries.isEmpty else {
            let reason = base.outcome.isSuccess ? "it cannot be read" : base.outcome.phrase
            probes.append(
                SourceProbe(
                    title, .failure, "base \(search.base): \(reason)",
                    advice: "correct the base, or let this account read it"))
            return
        }
        let pageSize = min(Prober.sampleSize, max(settings.pageSize, 1))
        let sample = try session.search(
            SearchRequest(
                base: search.base, scope: search.scope, filter: search.filter.description, attributes: names.map { "\($0)" }),
            limit: 0, pageSize: pageSize, while: what)
        guard sample.outcome.isSuccess else {
            let advice = sample.outcome.code.searchAdvice(base: search.base, pageSize: settings.pageSize)
            probes.append(
                SourceProbe(title, .failure, "the search below \(search.base) ended with \(sample.outcome.phrase)", advice: advice))
            return
        }
        let count = sample.entries.count
        let isAll = sample.outcome.cookie?.isEmpty ?? true
        probes.append(
            count > 0
                ? SourceProbe(title, .ok, "\(search.base) has \(isAll ? "\(count)" : "\(count) or more") that match \(search.filter)")
                : SourceProbe(
                    title, .failure, "nothing below \(search.base) matches \(search.filter)",
                    advice: "correct the filter, or give this account read access"))
        if count > 0 { fillCounts(title, names, needed, sample.entries) }
        if sample.references > 0, settings.referrals == .incomplete {
            probes.append(
                SourceProbe(
                    title, .failure, "\(search.base) holds a referral to another server",
                    advice: "narrow the base, or set source.referrals: ignore"))
        }
    }

    private mutating func fillCounts(_ title: String, _ names: [AttributeName], _ needed: Int, _ entries: [PlainEntry]) {
        for (index, name) in names.enumerated() {
            let filled = entries.count { entry in entry.values(name).contains { !$0.isEmpty } }
            let detail = "\(filled) of \(entries.count) have it"
            let subject = "\(title): \(name)"
            if filled == entries.count || (filled > 0 && index >= needed) {
                probes.append(SourceProbe(subject, .ok, detail))
            } else if index < needed {
                probes.append(
                    SourceProbe(
                        subject, filled == 0 ? .failure : .warning, detail,
                        advice: "entries without it are rejected; name another attribute, or give read access to it"))
            } else {
                probes.append(SourceProbe(subject, .warning, detail, advice: "is it spelled right, and may this account read it?"))
            }
        }
    }
}
