/// What a value in a sentence names, for whoever must not show it.
public enum NamedThing: Hashable, Sendable {
    case user
    case email
    case group
    case entry
    /// The text of a rule in the config.
    case rule
    /// Something else from the config, the directory or the application.
    case value
}

extension Reason {
    /// The sentence that a report shows.
    public var sentence: String { sentence { $1 } }

    /// The sentence with every value replaced by what `show` makes of it. A sentence of an earlier version is one value.
    public func sentence(_ show: (NamedThing, String) -> String) -> String {
        switch self {
        case .newEntry(let account): return account.sentence(show)
        case .changedUpstream: return "changed upstream"
        case .renamedUpstream: return "renamed upstream"
        case .activeAgain(let back): return back.sentence(show)
        case .left(let departure, let ending): return departure.sentence(show) + ending.sentence(show)
        case .member: return "member of a mapped group"
        case .memberOfReplacement: return "member of another group than the rule has pinned"
        case .noLongerMember: return "no mapped group has this member any longer"
        case .lostGroup: return "the group of this rule vanished, or another one has its name"
        case .sameIdentifier(let identifier, let username):
            return "the entry has the \(identifier.rawValue) of the local user \(show(.user, username.string))"
        case .declared(let declaration): return declaration.sentence(show)
        case .names(let names): return names.sentence(show)
        case .legacy(let sentence): return show(.value, sentence)
        }
    }

    fileprivate static func list(_ texts: [Text], _ thing: NamedThing, _ show: (NamedThing, String) -> String) -> String {
        texts.map { show(thing, $0.string) }.joined(separator: ", ")
    }
}

extension Reason.NewAccount {
    fileprivate func sentence(_ show: (NamedThing, String) -> String) -> String {
        switch self {
        case .active: "new entry"
        case .invited: "new entry; new users are invited"
        case .waiting: "new entry; new users wait until an administrator activates them"
        case .status(let reason): "new entry; \(reason.sentence(show))"
        case .missing(let reason, let status): "new entry; \(reason.sentence(show)); status_missing: \(status.rawValue)"
        }
    }
}

extension Reason.Return {
    fileprivate func sentence(_ show: (NamedThing, String) -> String) -> String {
        let start = isInvited ? "active again upstream; still invited" : "active again upstream"
        let privilege = (role == .none ? [] : ["role \(role.rawValue)"]) + groups.map { show(.group, $0.string) }
        return privilege.isEmpty ? start : "\(start); \(privilege.joined(separator: ", ")) comes back with it"
    }
}

extension Reason.Departure {
    /// The sentence that a report shows.
    public var sentence: String { sentence { $1 } }

    /// The sentence with every value replaced by what `show` makes of it.
    public func sentence(_ show: (NamedThing, String) -> String) -> String {
        switch self {
        case .gone: "gone: the directory has no such entry any more"
        case .leftScope(let dn): "left scope: \(show(.entry, dn.string))"
        case .notBelowBase(let searched): "gone: \(searched.sentence(show))"
        case .notLookedUp: "absent from the reading; not looked up, for a guard holds"
        case .absent: "absent from the reading"
        case .ignored(let filter): "left scope: it matches the ignore filter \(show(.rule, filter))"
        case .status(let reason): reason.sentence(show)
        }
    }
}

extension PartialContext {
    /// Where an entry is not, as the end of a sentence.
    public var sentence: String { sentence { $1 } }

    func sentence(_ show: (NamedThing, String) -> String) -> String {
        "not below \(show(.entry, base.string)) any more (parts of \(show(.entry, context.string)) lie on other servers)"
    }
}

extension Reason.Ending {
    fileprivate func sentence(_ show: (NamedThing, String) -> String) -> String {
        let wait =
            switch waited {
            case nil: ""
            case .inactive(let span): "; \(span) have passed"
            case .deleted(let span): "; deleted \(span) ago"
            }
        return groups.isEmpty ? wait : "\(wait); ends \(Reason.list(groups, .group, show))"
    }
}

extension Reason.Declaration {
    fileprivate func sentence(_ show: (NamedThing, String) -> String) -> String {
        let reach = holders.map { $0 == 1 ? "1 active user has it" : "\($0) active users have it" }
        var sentence = reach.map { "declared so in the config; \($0)" } ?? "declared in the config, and new here"
        // Each permission that moves is named: a long list before and after looks the same.
        if !gained.isEmpty { sentence += "; gains \(Reason.list(gained, .value, show))" }
        if !lost.isEmpty { sentence += "; loses \(Reason.list(lost, .value, show))" }
        return sentence
    }
}

extension Reason.Names {
    fileprivate func sentence(_ show: (NamedThing, String) -> String) -> String {
        let what =
            areFreed ? "`store.reuse_identifiers` frees the names of" : "without `store.reuse_identifiers` these keep their names:"
        return "\(what) \(Reason.list(first, .user, show))" + (more > 0 ? " and \(more) more" : "")
    }
}

extension StatusReason {
    /// The sentence that a report shows.
    public var sentence: String { sentence { $1 } }

    /// The sentence with the text of each rule replaced by what `show` makes of it.
    public func sentence(_ show: (NamedThing, String) -> String) -> String {
        switch self {
        case .noRule: "no status rule matches"
        case .matching(let rules):
            rules.map { "status rule \($0.number): \(show(.rule, $0.text))" }.joined(separator: "; ")
        case .unknown(let rule): "status rule \(rule.number) cannot be told: \(show(.rule, rule.text))"
        }
    }
}
