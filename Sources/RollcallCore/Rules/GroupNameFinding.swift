/// What is to be said of a permission group's name that a rule makes of an upstream group's.
public enum GroupNameConcern: Hashable, Sendable {
    /// It has nothing but blanks and invisible characters.
    case blank
    /// It looks like a declared or privileged group. One that the store has already is kept.
    case lookalike(of: Text, isKept: Bool)
    /// It has letters of several scripts that share shapes.
    case mixedScript

    /// Whether the rule gives nothing for it.
    public var isRefusal: Bool {
        switch self {
        case .blank, .lookalike(_, isKept: false): true
        case .lookalike, .mixedScript: false
        }
    }
}

/// A concern with where it comes from.
public struct GroupNameFinding: Hashable, Sendable {
    /// The number of the rule, from 1.
    public var rule: Int
    /// The upstream group's name.
    public var group: Text
    public var permissionGroup: Text
    public var concern: GroupNameConcern

    public init(rule: Int, group: Text, permissionGroup: Text, concern: GroupNameConcern) {
        self.rule = rule
        self.group = group
        self.permissionGroup = permissionGroup
        self.concern = concern
    }

    public var warning: Text {
        let subject = "group rule \(rule) makes the permission group \(permissionGroup) of the upstream group \(group)"
        return switch concern {
        case .blank: Text("\(subject), whose name would be blank: it is left out; rename it upstream")
        case .lookalike(let other, isKept: false):
            Text("\(subject), which looks like \(other): it is left out; rename it upstream, or declare it in `permission_groups`")
        case .lookalike(let other, isKept: true):
            Text("\(subject), which looks like \(other): make sure that it is not meant to be mistaken")
        case .mixedScript:
            Text("\(subject), with letters of several scripts: make sure that it is not meant to be mistaken for another one")
        }
    }
}
