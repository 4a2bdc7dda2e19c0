/// A rule that maps upstream groups to permission groups.
public struct GroupRule: Hashable, Sendable {
    /// Which upstream groups it means.
    public enum Selector: Hashable, Sendable {
        /// One group by its DN, in comparison form.
        case dn([UInt8])
        /// Groups of this name, compared by folded key.
        case name(FoldedKey)
        /// One group by its immutable id, in whatever form that was written (``Anchor/means(_:)``).
        case anchor(Anchor)
        /// Groups whose name the pattern matches.
        case pattern(LinearPattern)
    }

    public let selector: Selector
    /// The permission group; may use the pattern's captures.
    public let grant: PatternTemplate
    /// The rule's text in config, shown in reasons.
    public let text: String

    public init(selector: Selector, grant: PatternTemplate, text: String) {
        self.selector = selector
        self.grant = grant
        self.text = text
    }

    /// The permission group that `group` gives by this rule; `nil` when the rule does not mean it.
    ///
    /// - Parameter normalizedDN: the group's DN in comparison form.
    public func permissionGroup(for name: Text, anchor: Anchor, normalizedDN: [UInt8]) -> Text? {
        switch selector {
        case .dn(let wanted): wanted == normalizedDN ? grant.fixedText : nil
        case .name(let key): FoldedKey(name) == key ? grant.fixedText : nil
        case .anchor(let wanted): wanted.means(anchor) ? grant.fixedText : nil
        case .pattern(let pattern): pattern.firstMatch(in: name).flatMap { grant.filled(from: $0) }
        }
    }
}

/// A local group that carries permissions.
public struct PermissionGroup: Hashable, Sendable {
    public let name: Text
    /// Whether its grants wait for a person and its last holder is never lost.
    public let isPrivileged: Bool
    public let permissions: [Text]

    public init(name: Text, isPrivileged: Bool = false, permissions: [Text] = []) {
        self.name = name
        self.isPrivileged = isPrivileged
        self.permissions = permissions
    }
}
