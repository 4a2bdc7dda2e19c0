extension Remark.Cause {
    /// The sentence that a report shows.
    public var sentence: String { sentence { $1 } }

    /// The sentence with every value replaced by what `show` makes of it. A sentence of an earlier version is one value.
    public func sentence(_ show: (NamedThing, String) -> String) -> String {
        switch self {
        case .unusable(let fault): return "the entry cannot be used: \(show(.value, fault))"
        case .unusableEntryOfUser(let fault): return "the entry cannot be used, so it gives the user nothing: \(show(.value, fault))"
        case .purgedHere: return "purged here by an administrator; it is not created again"
        case .noUsername(nil): return "it has no value for the username"
        case .noUsername(let username?):
            return "upstream has no value for the username; the account keeps \(show(.user, username.string))"
        case .usernameUnreadable: return "its username cannot be read (too large, not UTF-8, or with a NUL)"
        case .protectedName(let name, let kept):
            let outcome = kept.map { "; the account keeps \(show(.user, $0.string))" } ?? ""
            return "it claims the protected username \(show(.user, name.string))\(outcome)"
        case .statusUnknown(let reason): return "its status cannot be told (\(reason.sentence(show)))"
        case .statusUndecided(let reason, let status): return "\(reason.sentence(show)); the user stays \(status.rawValue)"
        case .claim(let claim): return claim.sentence(show)
        case .deletedHere: return "deleted here, present upstream; it stays deleted"
        case .usernameKept(let wanted): return "upstream is now called \(show(.user, wanted.string)); usernames are kept"
        case .heldHere: return "deactivated here, active upstream; it stays inactive"
        case .heldHereAndLeft(let departure):
            return "deactivated here and given up upstream (\(departure.sentence(show))); it stays inactive"
        case .protected(let action, let group, let reason):
            let what = group.map { "\(action.rawValue) \(show(.group, $0.string))" } ?? action.rawValue
            return "protected: \(what) was left alone (\(reason.sentence(show)))"
        case .accessKept(let action, let departure):
            return "would be \(action.pastTense) (\(departure.sentence(show))); the policy is no-removals"
        case .membershipKept(let group): return "would lose \(show(.group, group.string)); the policy is no-removals"
        case .unconfirmed(let doubt):
            return "absent from the reading, but its absence could not be confirmed (\(show(.value, doubt))); unchanged"
        case .moved(let groups):
            let names = groups.map { show(.group, $0.string) }.joined(separator: ", ")
            return "keeps \(names): groups still name the DN that the entry had before it moved; the next run decides"
        case .temporaryLock(let rule): return "locked for a time upstream, which changes nothing here: \(show(.rule, rule))"
        case .lookalike(let name):
            return
                "the username \(show(.user, name.string)) has letters of several scripts: make sure that it is not meant to be mistaken for another one"
        case .unreadable(let field):
            return "its \(field.shown(show)) cannot be read (too large, not UTF-8, or with a NUL); left as it is"
        case .severalValues(let field, let count, let least):
            return "\(field.shown(show)) has \(count) values upstream; one is used, the least is \(show(.value, least.string))"
        case .ofRun(let sentence): return show(.value, sentence.string)
        case .legacy(let legacy): return legacy.message.isEmpty ? "" : show(.value, legacy.message)
        }
    }

    /// What resolves it, about the row of this label and anchor; empty when nothing is to be done.
    public func advice(label: Text, anchor: Anchor, _ show: (NamedThing, String) -> String = { $1 }) -> String {
        func word(_ thing: NamedThing, _ text: String) -> String { Text(show(thing, text)).shellWord }
        let user = word(.user, label.string)
        switch self {
        case .unusable, .unusableEntryOfUser, .usernameUnreadable, .statusUnknown, .statusUndecided: return "correct it upstream"
        case .purgedHere: return "rollcall users restore \(word(.entry, anchor.description))"
        case .noUsername(nil): return "set it upstream, or map another attribute"
        case .noUsername: return "set it upstream, or rollcall ack \(user)"
        case .protectedName(_, nil): return "rename it upstream, or take the name out of `protect.users`"
        case .protectedName: return "rename it upstream, or rollcall ack \(user)"
        case .claim(let claim): return claim.advice(anchor, word)
        case .deletedHere: return "rollcall users restore \(user)"
        case .usernameKept: return "rollcall ack \(user), or set `lifecycle.username: rename` to follow upstream"
        case .heldHere: return "rollcall users release \(user)"
        case .heldHereAndLeft, .protected, .accessKept, .membershipKept: return "rollcall ack \(user)"
        case .temporaryLock: return "set `lifecycle.temporary_lock: inactive` to follow such locks"
        case .unconfirmed, .moved, .lookalike, .unreadable, .severalValues, .ofRun: return ""
        case .legacy(let legacy): return legacy.advice.isEmpty ? "" : show(.value, legacy.advice)
        }
    }
}

extension Remark {
    /// What resolves it, if it is about `row`, or else about the run; empty when nothing is to be done.
    public func advice(of row: PlanRow?) -> String {
        cause.advice(label: row?.label ?? .empty, anchor: row?.anchor ?? Anchor([]))
    }
}

extension Remark.Claim {
    fileprivate func sentence(_ show: (NamedThing, String) -> String) -> String {
        let wanted = "the \(kind.name) \(show(kind.thing, name.string))"
        switch obstacle {
        case .taken(let holder, let isLinked):
            let whose = isLinked ? "the user of another entry" : "a local user"
            return "\(wanted) is held by \(show(.user, holder.string)) (\(whose)); \(outcome.sentence(kind, show))"
        case .recycled(let holder):
            return
                "\(wanted) is held by \(show(.user, holder.string)), whose entry is gone: a recycled \(kind.name), or the same person under a new anchor; \(outcome.sentence(kind, show))"
        case .disputed(let others):
            let names = others.map { show(.user, $0.string) }.joined(separator: ", ")
            return "\(wanted) is also wanted by \(names); \(outcome.sentence(kind, show))"
        case .blocked(let holder):
            return
                "\(wanted) is still held by \(show(.user, holder.string)), who waits for another conflict to end; \(outcome.sentence(kind, show))"
        }
    }

    fileprivate func advice(_ anchor: Anchor, _ word: (NamedThing, String) -> String) -> String {
        switch obstacle {
        // Without an account, the local one of that name may be the entry's own.
        case .taken(let holder, isLinked: false) where outcome == .noAccount:
            return
                "rollcall users link \(word(.user, holder.string)) \(word(.entry, anchor.description)) if they are one person"
        case .taken(let holder, _): return "rollcall users show \(word(.user, holder.string)), then correct one of the two"
        case .recycled(let holder):
            return "rollcall reanchor \(word(.user, holder.string)) if it is the same person, else correct it upstream"
        case .disputed: return "correct all but one of them upstream"
        case .blocked(let holder): return "rollcall explain \(word(.user, holder.string))"
        }
    }
}

extension Remark.Claim.Outcome {
    fileprivate func sentence(_ kind: ClaimKind, _ show: (NamedThing, String) -> String) -> String {
        switch self {
        case .noAccount: "no account is made meanwhile"
        case .noEmail: "the account has no email meanwhile"
        case .staysDeleted: "the account stays deleted"
        case .keeps(let kept): "the account keeps \(show(kind.thing, kept.string))"
        }
    }
}

extension ClaimKind {
    fileprivate var thing: NamedThing {
        switch self {
        case .username: .user
        case .email: .email
        }
    }
}

extension UserField {
    /// The field's name, of which what the config has made up is a value.
    fileprivate func shown(_ show: (NamedThing, String) -> String) -> String {
        if case .extra(let name) = self { "extra.\(show(.value, name.string))" } else { name }
    }
}

extension Action {
    fileprivate var pastTense: String {
        switch self {
        case .deactivate: "deactivated"
        case .delete: "deleted"
        case .purge: "purged"
        default: rawValue
        }
    }
}
