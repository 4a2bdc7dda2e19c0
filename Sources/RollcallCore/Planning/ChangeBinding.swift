/// What an approval of a change covers beside what the change shows: the upstream groups behind it, by their immutable ids, and, when it
/// gives privilege, the names of the account that gets it.
///
/// A group that is replaced by another one of its name, or a new email of the account, makes another change of it.
public enum ChangeBinding {
    /// The binding of a change.
    ///
    /// - Parameters:
    ///   - origin: stands for the anchors of the upstream groups on the path; `nil` without a path.
    ///   - identity: the account's username and email as they are when the change is made; `nil` when the change gives no privilege.
    /// - Returns: `nil` when there is nothing to bind to.
    public static func of(origin: ShortDigest?, identity: Identity?) -> ShortDigest? {
        guard let identity else { return origin }
        var builder = DigestBuilder()
        builder.addField(origin?.bytes)
        builder.addField(identity.username.utf8)
        builder.addField(identity.email.map { $0.utf8 })
        return builder.digest().short
    }

    /// What stands for one upstream group and the groups by which it was reached.
    ///
    /// - Parameter parent: what stands for the group whose member it is; `nil` for a mapped group.
    public static func origin(_ anchor: Anchor, below parent: ShortDigest?) -> ShortDigest {
        var builder = DigestBuilder()
        builder.addField(parent?.bytes)
        builder.addField(anchor.bytes)
        return builder.digest().short
    }

    /// The names by which an account is known, and by which its password is reset.
    public struct Identity: Hashable, Sendable {
        public var username: Text
        public var email: Text?

        public init(username: Text, email: Text?) {
            self.username = username
            self.email = email
        }
    }
}
