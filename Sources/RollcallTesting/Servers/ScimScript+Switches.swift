extension ScimScript {
    public enum Booleans: String, Sendable, Encodable, CaseIterable { case boolean, capitalized, lowercase, number, absent }
    public enum Names: String, Sendable, Encodable, CaseIterable { case standard, lowercase, uppercase }
    /// `empty` is `[""]`.
    public enum Schemas: String, Sendable, Encodable, CaseIterable { case right, missing, empty, wrong }
    /// `relative` is about `location`, `lowercase` about `resourceType`.
    public enum Meta: String, Sendable, Encodable, CaseIterable { case full, missing, relative, lowercase, withoutTimes }
    /// `bare` has values only; `placeholders` has `{}`, empty values and an empty string before the real ones.
    public enum Emails: String, Sendable, Encodable, CaseIterable { case full, bare, placeholders }
    /// `flattened` is `URN:attribute` as a key, `dotted` is `URN.attribute`.
    public enum Enterprise: String, Sendable, Encodable, CaseIterable { case nested, flattened, dotted, absent }
    public enum UserGroups: String, Sendable, Encodable, CaseIterable { case absent, direct, indirect }
    public enum Members: String, Sendable, Encodable, CaseIterable { case full, absent, null, empty }
    /// `fraction` writes `25.0`; `shown` says how many are on the page.
    public enum Totals: String, Sendable, Encodable, CaseIterable { case number, text, missing, fraction, shown }
    public enum StartIndexShown: String, Sendable, Encodable, CaseIterable { case asked, zero, missing }
    public enum ItemsPerPage: String, Sendable, Encodable, CaseIterable { case returned, requested, missing }
    public enum Count: String, Sendable, Encodable, CaseIterable { case honoured, ignored, rejected }
    public enum EmptyResources: String, Sendable, Encodable, CaseIterable { case empty, missing, null }
    /// `offered` pages by cursor when asked to; `forced` always; `aws` when asked to, and else gives one page that looks whole.
    public enum Cursors: String, Sendable, Encodable, CaseIterable { case none, offered, forced, aws }
    /// Pages by cursor may be shorter than asked for, and even empty, before the last.
    public enum CursorPages: String, Sendable, Encodable, CaseIterable { case full, short, withEmpty }
    /// `wide` has `+`, `/`, `:` and `=`, which a query must escape.
    public enum CursorAlphabet: String, Sendable, Encodable, CaseIterable { case safe, wide }
    /// `pretended` are announced and ignored.
    public enum Filters: String, Sendable, Encodable, CaseIterable { case supported, ignored, pretended, rejected }
    public enum Feed: String, Sendable, Encodable, CaseIterable { case list, array }
    /// `slack` has `/ServiceProviderConfigs`.
    public enum Discovery: String, Sendable, Encodable, CaseIterable { case full, none, slack }
    /// `number` writes the status as a JSON number; the others are no JSON.
    public enum Errors: String, Sendable, Encodable, CaseIterable { case standard, number, text, html }

    /// Who may read.
    public enum Authorization: Sendable, Encodable {
        case none
        case bearer(String)
        case basic(user: String, password: String)
        /// Tokens from `POST /token` on the same server, by client credentials (RFC 6749, section 4.4). A token is refused after
        /// `requests` requests, `nil` for never; only the first `ends` tokens end like that, `nil` for all.
        case oauth(client: String, secret: String, scope: String? = nil, requests: Int? = nil, ends: Int? = nil, expiresIn: Int = 3600)

        private enum Key: CodingKey { case kind, token, user, password, client, secret, scope, requests, ends, expiresIn }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            switch self {
            case .none:
                try container.encode("none", forKey: .kind)
            case .bearer(let token):
                try container.encode("bearer", forKey: .kind)
                try container.encode(token, forKey: .token)
            case .basic(let user, let password):
                try container.encode("basic", forKey: .kind)
                try container.encode(user, forKey: .user)
                try container.encode(password, forKey: .password)
            case .oauth(let client, let secret, let scope, let requests, let ends, let expiresIn):
                try container.encode("oauth", forKey: .kind)
                try container.encode(client, forKey: .client)
                try container.encode(secret, forKey: .secret)
                try container.encodeIfPresent(scope, forKey: .scope)
                try container.encodeIfPresent(requests, forKey: .requests)
                try container.encodeIfPresent(ends, forKey: .ends)
                try container.encode(expiresIn, forKey: .expiresIn)
            }
        }
    }
}
