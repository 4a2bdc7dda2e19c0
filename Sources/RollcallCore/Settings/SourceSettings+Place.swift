extension SourceSettings {
    /// What tells this source from others: a few hexadecimal digits that stand for where it is, for whom it answers and what is asked of
    /// it. Empty for a source that keeps no mark of its content.
    public var place: String {
        guard case .scim(let scim) = self else { return "" }
        var builder = DigestBuilder()
        builder.addField(scim.url)
        for identity in scim.auth.identity { builder.addField(identity) }
        builder.addField(scim.clientCertificate ?? "")
        builder.addField(scim.userFilter?.folded ?? [])
        builder.addField(scim.groupFilter?.folded ?? [])
        builder.addField(scim.groupMembers.rawValue)
        return String("\(builder.digest())".prefix(16))
    }
}

extension ScimSettings.Auth {
    /// For whom the service answers, and never what proves it.
    fileprivate var identity: [String] {
        switch self {
        case .none: ["none"]
        case .bearer(let token): ["bearer", "\(token)"]
        case .basic(let user, _): ["basic", user]
        case .oauth2(let client): ["oauth2", client.tokenURL, client.clientID, client.scope ?? ""]
        case .mutualTLS: ["mtls"]
        }
    }
}
