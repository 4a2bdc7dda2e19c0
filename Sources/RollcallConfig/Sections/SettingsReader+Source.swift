import RollcallCore

extension SettingsReader {
    mutating func source(_ node: ConfigNode?, kind: SourceKind) -> SourceSettings? {
        guard let node else { return nil }
        switch node["type"]?.text {
        case "ldap": return ldap(node, kind: kind).map(SourceSettings.ldap)
        case "scim": return scim(node).map(SourceSettings.scim)
        case "file": return kind == .resources ? resources(node).map(SourceSettings.resources) : file(node).map(SourceSettings.file)
        default: return nil
        }
    }

    // MARK: - LDAP

    private mutating func ldap(_ node: ConfigNode, kind: SourceKind) -> LDAPSettings? {
        let path = ConfigPath.root.key("source")
        let urls = directoryURLs(node["url"])
        let users = search(node["users"], at: path.key("users"), standard: FlavorDefaults.userFilter)
        let groups = search(node["groups"], at: path.key("groups"), standard: FlavorDefaults.groupFilter)
        let bind = bind(node["bind"], urls: urls, tls: node["tls"])
        checkTLS(node.entry("tls"), urls: urls)
        let deadline = span(node["deadline"], at: path.key("deadline"))
        let answerTimeout = span(node["answer_timeout"], at: path.key("answer_timeout"))
        guard let users, !urls.isEmpty, case .ldap(let flavor) = kind else { return nil }

        var settings = LDAPSettings(urls: urls.map(\.text), flavor: flavor, users: users)
        settings.groups = groups
        settings.bind = bind ?? .anonymous
        settings.caFile = self.path(node["tls"]?["ca_file"])
        settings.clientCertificate = self.path(node["tls"]?["cert_file"])
        settings.clientKey = self.path(node["tls"]?["key_file"])
        settings.startTLS = node["tls"]?["start_tls"]?.flag ?? false
        settings.referrals = node["referrals"]?.text.flatMap(LDAPSettings.ReferralRule.init) ?? settings.referrals
        settings.pageSize = node["page_size"]?.wholeNumber ?? settings.pageSize
        settings.deadline = deadline ?? settings.deadline
        settings.answerTimeout = answerTimeout ?? settings.answerTimeout
        return settings
    }

    private mutating func search(_ node: ConfigNode?, at path: ConfigPath, standard: String) -> LDAPSettings.Search? {
        guard let node else { return nil }
        let base = distinguishedName(node["base"], at: path.key("base"))
        let filter = node["filter"] == nil ? try? Filter(parsing: standard) : filter(node["filter"], at: path.key("filter"))
        guard let base, let filter else { return nil }
        let scope = node["scope"]?.text.flatMap(LDAPSettings.Scope.init) ?? .subtree
        return LDAPSettings.Search(base: base, scope: scope, filter: filter)
    }

    private mutating func directoryURLs(_ node: ConfigNode?) -> [DirectoryURL] {
        var urls: [DirectoryURL] = []
        for item in node?.items ?? [] {
            guard let text = item.text, !text.isEmpty else { continue }
            do throws(DirectoryURL.Problem) {
                let url = try DirectoryURL(text)
                if urls.contains(where: { $0.text == url.text }) {
                    problems.error(at: item.place, "`source.url` names \(Quoted(text)) twice", advice: "remove one of them")
                }
                urls.append(url)
            } catch {
                problems.error(at: item.place, "`source.url`: \(error.message)", advice: error.advice)
            }
        }
        return urls
    }

    private mutating func checkTLS(_ entry: ConfigEntry?, urls: [DirectoryURL]) {
        guard let entry, !urls.isEmpty else { return }
        let tls = entry.value
        for (one, other) in [("cert_file", "key_file"), ("key_file", "cert_file")] where tls[one] != nil && tls[other] == nil {
            problems.error(at: tls.entry(one)?.place ?? entry.place, "`source.tls.\(one)` needs `\(other)` beside it")
        }
        let startsTLS = tls["start_tls"]?.flag == true
        if startsTLS, let url = urls.first(where: { $0.scheme != .ldap }) {
            problems.error(
                at: tls.entry("start_tls")?.place ?? entry.place,
                "`source.tls.start_tls` is for ldap:// only, and \(Quoted(url.text)) is not",
                advice: url.scheme == .ldaps
                    ? "ldaps:// is protected from its first byte; leave start_tls out" : "a unix socket needs no TLS")
        }
        let files = ["ca_file", "cert_file", "key_file"].compactMap { tls.entry($0) }
        if let file = files.first, !startsTLS, !urls.contains(where: { $0.scheme == .ldaps }) {
            problems.error(
                at: file.place, "`source.tls.\(file.key)` has no effect: no URL is ldaps:// and start_tls is not true",
                advice: "use ldaps://, or add start_tls: true")
        }
    }

    private mutating func bind(_ node: ConfigNode?, urls: [DirectoryURL], tls: ConfigNode?) -> LDAPSettings.Bind? {
        guard let node, case .section = node.content else { return nil }
        let dn = distinguishedName(node["dn"], at: .root.key("source").key("bind").key("dn"))
        let password = secret(node["password"])
        if let mechanism = node.entry("mechanism") {
            if node["dn"] != nil || node["password"] != nil {
                problems.error(
                    at: mechanism.place, "`source.bind` has both `mechanism` and a DN with its password", advice: "leave one of them out")
            } else if mechanism.value.text == "external", !urls.isEmpty, tls?["cert_file"] == nil,
                urls.contains(where: { $0.scheme != .ldapi })
            {
                problems.error(
                    at: mechanism.place, "`mechanism: external` has nothing to show: no client certificate, and not every URL is ldapi://",
                    advice: "name tls.cert_file and tls.key_file")
            }
            return mechanism.value.text == "external" ? .external : nil
        }
        if let entry = node.entry("dn"), node["password"] == nil {
            problems.error(
                at: entry.place, "`source.bind.dn` needs `password` beside it", advice: "without one the server answers as if to nobody")
        }
        if let entry = node.entry("password"), node["dn"] == nil {
            problems.error(at: entry.place, "`source.bind.password` needs `dn` beside it")
        }
        if let entry = node.entry("dn"), entry.value.text?.isEmpty == true { return nil }
        guard let dn, let password else { return nil }
        warnOfClearPassword(at: node.entry("password")?.place, urls: urls, tls: tls)
        return .simple(dn: dn, password: password)
    }

    private mutating func warnOfClearPassword(at place: Place?, urls: [DirectoryURL], tls: ConfigNode?) {
        guard let place, tls?["start_tls"]?.flag != true, let url = urls.first(where: { $0.scheme == .ldap && !$0.isLoopback }) else {
            return
        }
        problems.warning(
            at: place, "the bind password would cross the network in clear to \(url.text)",
            advice: "use ldaps://, or add start_tls: true to tls")
    }

    /// The place of a secret. What stands there is never part of a message.
    mutating func secret(_ node: ConfigNode?, of key: String = "source.bind.password") -> SecretReference? {
        guard let entry = node?.entries.first, node?.entries.count == 1 else { return nil }
        switch entry.key {
        case "file":
            return path(entry.value).map(SecretReference.file)
        case "credential":
            guard let name = entry.value.text, !name.isEmpty else { return nil }
            guard SecretFile.isCredentialName(name) else {
                problems.error(
                    at: entry.value.place, "`\(key).credential` must be a plain file name",
                    advice: "the name after LoadCredential=, without slashes")
                return nil
            }
            return .credential(name)
        default:
            return nil
        }
    }
}
