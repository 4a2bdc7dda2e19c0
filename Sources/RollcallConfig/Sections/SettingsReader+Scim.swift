import RollcallCore

extension SettingsReader {
    mutating func scim(_ node: ConfigNode) -> ScimSettings? {
        let path = ConfigPath.root.key("source")
        let url = serviceURL(node["url"], at: path.key("url"))
        let users = scimFilter(node["users"]?["filter"], at: path.key("users").key("filter"))
        let groups = scimFilter(node["groups"]?["filter"], at: path.key("groups").key("filter"))
        let auth = auth(node, url: url)
        let proxy = proxy(node["proxy"])
        checkServiceTLS(node.entry("tls"), url: url)
        let deadline = span(node["deadline"], at: path.key("deadline"))
        let answerTimeout = span(node["answer_timeout"], at: path.key("answer_timeout"))
        let isFeed = node["feed"]?.flag ?? false
        checkFeed(node, isFeed: isFeed, url: url)
        let follows = follows(node, isFeed: isFeed)
        guard let url, let auth else { return nil }
        // A filter that could not be read would let everybody in.
        if node["users"]?["filter"] != nil, users == nil { return nil }
        if node["groups"]?["filter"] != nil, groups == nil { return nil }

        var settings = ScimSettings(url: url.text)
        settings.auth = auth
        settings.caFile = self.path(node["tls"]?["ca_file"])
        settings.clientCertificate = self.path(node["tls"]?["cert_file"])
        settings.clientKey = self.path(node["tls"]?["key_file"])
        settings.proxy = proxy
        settings.pagination = node["pagination"]?.text.flatMap(ScimSettings.Pagination.init) ?? settings.pagination
        settings.pageSize = node["page_size"]?.wholeNumber ?? settings.pageSize
        settings.groupMembers = node["group_members"]?.text.flatMap(ScimSettings.GroupMembers.init) ?? settings.groupMembers
        settings.isFeed = isFeed
        settings.follows = follows
        settings.userFilter = users
        settings.groupFilter = groups
        settings.deadline = deadline ?? settings.deadline
        settings.answerTimeout = answerTimeout ?? settings.answerTimeout
        return settings
    }

    mutating func resources(_ node: ConfigNode) -> ResourceFileSettings? {
        let section = ConfigPath.root.key("source")
        let users = scimFilter(node["users"]?["filter"], at: section.key("users").key("filter"))
        let groups = scimFilter(node["groups"]?["filter"], at: section.key("groups").key("filter"))
        guard let path = path(node["path"]) else { return nil }
        if node["users"]?["filter"] != nil, users == nil { return nil }
        if node["groups"]?["filter"] != nil, groups == nil { return nil }
        var settings = ResourceFileSettings(path: path, isLines: FilePath.fileExtension(of: path) == "ndjson")
        settings.userFilter = users
        settings.groupFilter = groups
        return settings
    }

    private mutating func serviceURL(_ node: ConfigNode?, at path: ConfigPath) -> ScimURL? {
        guard let node, let text = node.text, !text.isEmpty else { return nil }
        do throws(SourceError) {
            return try ScimURL(text, knob: path.subject)
        } catch {
            problems.error(at: node.place, "\(path.subject): \(error.message)", advice: error.advice)
            return nil
        }
    }

    private mutating func proxy(_ node: ConfigNode?) -> String? {
        guard let node, let text = node.text, !text.isEmpty else { return nil }
        guard !text.contains("@"), text.hasPrefix("http://") || text.hasPrefix("https://") else {
            problems.error(
                at: node.place, "`source.proxy` must be the URL of a proxy, without user and password", advice: "write http://host:port")
            return nil
        }
        return text
    }

    /// Who we say we are; `nil` after saying what is wrong with it.
    private mutating func auth(_ node: ConfigNode, url: ScimURL?) -> ScimSettings.Auth? {
        guard let auth = node["auth"] else { return ScimSettings.Auth.none }
        if let bearer = auth["bearer"] { return secret(bearer, of: "source.auth.bearer").map(ScimSettings.Auth.bearer) }
        if let basic = auth["basic"] {
            guard let user = basic["user"]?.text, let password = secret(basic["password"], of: "source.auth.basic.password") else {
                return nil
            }
            if user.contains(":") {
                problems.error(
                    at: basic["user"]?.place ?? basic.place, "`source.auth.basic.user` may not hold a colon (RFC 7617)")
                return nil
            }
            return .basic(user: user, password: password)
        }
        if let oauth2 = auth["oauth2"] {
            let path = ConfigPath.root.key("source").key("auth").key("oauth2")
            let token = serviceURL(oauth2["token_url"], at: path.key("token_url"))
            let client = secret(oauth2["client_secret"], of: "source.auth.oauth2.client_secret")
            guard let token, let client, let id = oauth2["client_id"]?.text else { return nil }
            return .oauth2(
                ScimSettings.OAuth2(tokenURL: token.text, clientID: id, clientSecret: client, scope: oauth2["scope"]?.text))
        }
        guard auth["mtls"] != nil else { return nil }
        if node["tls"]?["cert_file"] == nil {
            problems.error(
                at: auth.entry("mtls")?.place ?? auth.place, "`source.auth.mtls` has nothing to show: no client certificate",
                advice: "name tls.cert_file and tls.key_file")
        }
        return .mutualTLS
    }

    /// Whether changes are followed; says what stands against it.
    private mutating func follows(_ node: ConfigNode, isFeed: Bool) -> Bool {
        guard let entry = node.entry("follow"), entry.value.flag == true else { return false }
        if isFeed {
            problems.error(
                at: entry.place, "`source.follow` cannot be with a feed, which is one document and has no filter",
                advice: "leave it out; a feed that has not changed is not read again anyway")
        } else if node["group_members"]?.text == ScimSettings.GroupMembers.fromUsers.rawValue {
            problems.error(
                at: entry.place,
                "`source.follow` cannot be with `group_members: from_users`: who joins a group need not be a user that has changed",
                advice: "leave one of them out")
        }
        return true
    }

    private mutating func checkServiceTLS(_ entry: ConfigEntry?, url: ScimURL?) {
        guard let entry else { return }
        let tls = entry.value
        for (one, other) in [("cert_file", "key_file"), ("key_file", "cert_file")] where tls[one] != nil && tls[other] == nil {
            problems.error(at: tls.entry(one)?.place ?? entry.place, "`source.tls.\(one)` needs `\(other)` beside it")
        }
        if let file = tls.entries.first, url?.scheme == .http {
            problems.error(
                at: file.place, "`source.tls.\(file.key)` has no effect: the URL is http://", advice: "use https://, or leave it out")
        }
    }

    /// A feed is one document: what asks for pages has no effect on it.
    private mutating func checkFeed(_ node: ConfigNode, isFeed: Bool, url: ScimURL?) {
        if isFeed {
            for key in ["pagination", "page_size", "group_members"] {
                guard let entry = node.entry(key) else { continue }
                problems.error(
                    at: entry.place, "`source.\(key)` has no effect on a feed, which is one document", advice: "leave it out")
            }
        } else if let url, url.query != nil {
            problems.error(
                at: node["url"]?.place ?? node.place, "`source.url` may not have a query: requests add their own",
                advice: "write the URL above /Users and /Groups")
        }
    }
}
