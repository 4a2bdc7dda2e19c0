/// An account that is local and an entry that waits, which may be the same person.
public struct Match: Hashable, Sendable {
    public var userID: Int64
    public var username: Text
    public var email: Text?
    public var anchor: Anchor
    public var dn: Text
    /// The username and the email that the entry asks for.
    public var entryUsername: Text?
    public var entryEmail: Text?
    /// Whether the two usernames are the same name, and the two emails.
    public var sharesUsername: Bool
    public var sharesEmail: Bool
    /// Whether neither of the two matches anybody else.
    public var isOnly = false

    public init(
        userID: Int64, username: Text, email: Text?, anchor: Anchor, dn: Text, entryUsername: Text?, entryEmail: Text?,
        sharesUsername: Bool, sharesEmail: Bool
    ) {
        self.userID = userID
        self.username = username
        self.email = email
        self.anchor = anchor
        self.dn = dn
        self.entryUsername = entryUsername
        self.entryEmail = entryEmail
        self.sharesUsername = sharesUsername
        self.sharesEmail = sharesEmail
    }

    /// What the two share.
    public var reason: String {
        sharesUsername && sharesEmail ? "same username and email" : sharesUsername ? "same username" : "same email"
    }
}
