extension GuardResult {
    /// The sentence with every value replaced by what `show` makes of it; empty when the guard found nothing.
    public func sentence(_ show: (NamedThing, String) -> String) -> String {
        let share = "\(observed) of \(whole ?? 0)"
        switch finding {
        case nil: return ""
        case .noUsers: return "the source answered with no users at all: check base, filter and what we may read there"
        case .noGroups(let before):
            return "the source answered with no groups, and had \(before): check base, filter and what we may read there"
        case .firstRun: return "no user is linked yet: the first run waits for a person who has looked at it"
        case .exceeded(let earlier): return "\(share) \(guardName.wouldBe)\(since(earlier))"
        case .usersMissing: return "\(share) users are missing from the reading: check what we may read there"
        case .groupsMissing: return "\(share) groups are missing from the reading: check what we may read there"
        case .attributeGone(let attribute):
            return "\(show(.value, attribute.string)) is gone from \(share) entries that had it: check what we may read there"
        case .otherRules: return "the config asks for something else than the last applied run did: what that changes waits for a person"
        case .otherSemantics:
            return
                "this version of Rollcall takes the rules otherwise than that of the last applied run: what that changes waits for a person"
        case .each(let count): return "\(guardName.waiting(count)) for a person"
        case .revocations(let group, let earlier):
            return
                "\(share) memberships of \(show(.group, group.string)) would end\(since(earlier)); did its upstream group lose its members?"
        case .anchorsChanged:
            return "\(share) linked users came with unknown anchors: if the server was rebuilt, `rollcall reanchor`"
        case .groupReplaced(let pin):
            let changes = observed == 1 ? "1 change that would follow from it waits" : "\(observed) changes that would follow from it wait"
            return "\(pin.sentence(show)); \(changes) for a person"
        case .lastHolder(let group):
            return "\(show(.group, group.string)) would be left without an active holder: give it to somebody else first"
        case .ownAccess(let approver):
            return
                "\(observed) approved \(observed == 1 ? "change waits" : "changes wait") for somebody else than \(show(.user, approver.string))"
        case .paused: return "`rollcall resume` lets runs apply again"
        case .expectation(let failure): return failure.sentence(show)
        case .planWaits(1): return "1 of these changes waits since an earlier run, until a person approves it"
        case .planWaits(let count): return "\(count) of these changes wait since an earlier run, until a person approves them"
        case .changesWait:
            return observed == 1
                ? "1 change waits since an earlier run, until a person approves it or upstream no longer asks for it"
                : "\(observed) changes wait since an earlier run, until a person approves them or upstream no longer asks for them"
        case .rejected:
            return observed == 1
                ? "1 change was rejected by a person, and waits until one approves it after all"
                : "\(observed) changes were rejected by a person, and wait until one approves them after all"
        case .legacy(let sentence): return sentence.isEmpty ? "" : show(.value, sentence)
        }
    }

    /// How many of those observed were applied before this plan.
    private func since(_ earlier: Int) -> String {
        guard earlier > 0, let window else { return "" }
        return " (\(earlier) of them within the last \(window))"
    }
}

extension GuardName {
    /// What would become of those that a guard counts, and what to look at.
    fileprivate var wouldBe: String {
        switch self {
        case .deactivations: "active users would be deactivated; look upstream before you approve"
        case .reactivations: "users would be let in again; did an attribute vanish upstream?"
        case .creations: "users would be created; is base or filter wider than meant?"
        case .identifiers: "users would get another username or email; did a mapped attribute change its meaning?"
        case .rejected: "entries cannot be used; see the conflicts"
        default: "are more than the limit of \(rawValue)"
        }
    }

    /// So many of what a guard holds each by itself, as the subject and verb of a sentence.
    fileprivate func waiting(_ count: Int) -> String {
        switch self {
        case .privilegedGrant:
            count == 1 ? "1 grant of a privileged group waits" : "\(count) grants of privileged groups wait"
        case .privilegedIdentifier:
            count == 1
                ? "1 new username or email of a privileged user, or behind one, waits"
                : "\(count) new usernames or emails of privileged users, or behind one, wait"
        case .adoption: count == 1 ? "1 adoption of a local user waits" : "\(count) adoptions of local users wait"
        case .permissionChanges:
            count == 1
                ? "1 change of a permission group that gives permissions or ends its privilege waits"
                : "\(count) changes of permission groups that give permissions or end their privilege wait"
        default: count == 1 ? "1 change waits" : "\(count) changes wait"
        }
    }
}

extension PinFinding {
    /// What is the matter with the rule's groups, in one line.
    public var sentence: String { sentence { $1 } }

    /// The sentence with every value replaced by what `show` makes of it.
    public func sentence(_ show: (NamedThing, String) -> String) -> String {
        let shown = show(.rule, text.string)
        return switch state {
        case .unmatched: "group rule \(rule) meets no upstream group: \(shown)"
        case .pinned: "group rule \(rule) (\(shown)) has its group"
        case .followed(let groups): "group rule \(rule) (\(shown)) follows its group, which is now \(PinFinding.names(groups, show))"
        case .missing(let groups, let whereabouts, _):
            "group rule \(rule) (\(shown)) has lost its group \(PinFinding.names(groups, show)): \(whereabouts.sentence(show))"
        case .replaced(let newcomers, let lost):
            "group rule \(rule) (\(shown)) says another group than it has pinned: \(PinFinding.ids(newcomers, show))"
                + (lost.isEmpty ? "" : ", not \(PinFinding.ids(lost, show))")
        }
    }

    /// What to do about it; empty when nothing is to be done.
    public var advice: String {
        switch state {
        case .unmatched, .pinned: ""
        case .followed: "put its new name into the config"
        case .missing(_, _, pins: false): "approve what waits (`rollcall plans`) if it is gone for good"
        case .missing, .replaced: "`rollcall groups repin \(rule)` shows what follows from it, and lets it follow"
        }
    }

    /// Two groups may have one name, and one place after the other: their ids tell them apart.
    private static func ids(_ groups: [Group], _ show: (NamedThing, String) -> String) -> String {
        groups.map { "\(show(.entry, $0.dn.string)) (id \(show(.entry, $0.anchor.description)))" }.joined(separator: " and ")
    }

    private static func names(_ groups: [Group], _ show: (NamedThing, String) -> String) -> String {
        groups.map { show(.entry, $0.dn.string) }.joined(separator: " and ")
    }
}

extension PinFinding.Whereabouts {
    fileprivate func sentence(_ show: (NamedThing, String) -> String) -> String {
        switch self {
        case .unconfirmed(let doubt): "it is not in the reading, and could not be looked up (\(show(.value, doubt)))"
        case .notInReading: "it is not in the reading"
        case .leftScope(let dn): "it has left scope: \(show(.entry, dn.string))"
        case .notBelowBase(let searched): "it is \(searched.sentence(show))"
        case .gone: "the directory has no such group any more"
        }
    }
}

extension FailedExpectation {
    /// What was expected and what was found, in one line.
    public var sentence: String { sentence { $1 } }

    /// The sentence with every value replaced by what `show` makes of it.
    public func sentence(_ show: (NamedThing, String) -> String) -> String {
        let start = "\(show(.user, expectation.user.string)): expected \(expectation.outcome.sentence(show)), found "
        return start + (found?.sentence(show) ?? "nobody of this name")
    }
}

extension Expectation.Outcome {
    fileprivate func sentence(_ show: (NamedThing, String) -> String) -> String {
        guard case .present(let status, let groups) = self else { return "nobody of this name" }
        let names = groups.map { show(.group, $0.string) }.joined(separator: ", ")
        let parts = [status?.rawValue, groups.isEmpty ? nil : "in \(names)"].compactMap { $0 }
        return parts.isEmpty ? "an account" : parts.joined(separator: ", ")
    }
}

extension Standing {
    fileprivate func sentence(_ show: (NamedThing, String) -> String) -> String {
        let names = groups.map { show(.group, $0.string) }.joined(separator: ", ")
        return "\(status.rawValue), in \(groups.isEmpty ? "no permission group" : names)"
    }
}
