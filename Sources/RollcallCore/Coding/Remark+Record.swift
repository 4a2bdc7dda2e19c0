extension Remark.Cause {
    /// The cause with a tag before its values. New tags are only ever added.
    func write(to writer: inout RecordWriter) {
        switch self {
        case .legacy(let legacy):
            writer.write(octet: 0)
            writer.write(word: legacy.kind)
            writer.write(legacy.code)
            writer.write(legacy.message)
            writer.write(legacy.advice)
        case .unusable(let fault):
            writer.write(octet: 1)
            writer.write(fault)
        case .unusableEntryOfUser(let fault):
            writer.write(octet: 2)
            writer.write(fault)
        case .purgedHere: writer.write(octet: 3)
        case .noUsername(let kept):
            writer.write(octet: 4)
            writer.write(optional: kept)
        case .usernameUnreadable: writer.write(octet: 5)
        case .protectedName(let name, let kept):
            writer.write(octet: 6)
            writer.write(name)
            writer.write(optional: kept)
        case .statusUnknown(let reason):
            writer.write(octet: 7)
            reason.write(to: &writer)
        case .statusUndecided(let reason, let status):
            writer.write(octet: 8)
            reason.write(to: &writer)
            writer.write(word: status)
        case .claim(let claim):
            writer.write(octet: 9)
            claim.write(to: &writer)
        case .deletedHere: writer.write(octet: 10)
        case .usernameKept(let name):
            writer.write(octet: 11)
            writer.write(name)
        case .heldHere: writer.write(octet: 12)
        case .heldHereAndLeft(let departure):
            writer.write(octet: 13)
            departure.write(to: &writer)
        case .protected(let action, let group, let reason):
            writer.write(octet: 14)
            writer.write(word: action)
            writer.write(optional: group)
            reason.write(to: &writer)
        case .accessKept(let action, let departure):
            writer.write(octet: 15)
            writer.write(word: action)
            departure.write(to: &writer)
        case .membershipKept(let group):
            writer.write(octet: 16)
            writer.write(group)
        case .unconfirmed(let doubt):
            writer.write(octet: 17)
            writer.write(doubt)
        case .moved(let groups):
            writer.write(octet: 18)
            writer.write(texts: groups)
        case .temporaryLock(let rule):
            writer.write(octet: 19)
            writer.write(rule)
        case .lookalike(let name):
            writer.write(octet: 20)
            writer.write(name)
        case .unreadable(let field):
            writer.write(octet: 21)
            field.write(to: &writer)
        case .severalValues(let field, let count, let least):
            writer.write(octet: 22)
            field.write(to: &writer)
            writer.write(count)
            writer.write(least)
        case .ofRun(let sentence):
            writer.write(octet: 23)
            writer.write(sentence)
        }
    }

    init(from reader: inout RecordReader) throws(RecordError) {
        switch try reader.octet() {
        case 0: self = .legacy(try Remark.Legacy(from: &reader))
        case 1: self = .unusable(try reader.string())
        case 2: self = .unusableEntryOfUser(try reader.string())
        case 3: self = .purgedHere
        case 4: self = .noUsername(keeping: try reader.optionalText())
        case 5: self = .usernameUnreadable
        case 6:
            let name = try reader.text()
            self = .protectedName(name, keeping: try reader.optionalText())
        case 7: self = .statusUnknown(try StatusReason(from: &reader))
        case 8:
            let reason = try StatusReason(from: &reader)
            self = .statusUndecided(reason, try reader.word(UserStatus.self))
        case 9: self = .claim(try Remark.Claim(from: &reader))
        case 10: self = .deletedHere
        case 11: self = .usernameKept(try reader.text())
        case 12: self = .heldHere
        case 13: self = .heldHereAndLeft(try Reason.Departure(from: &reader))
        case 14:
            let action = try reader.word(Action.self)
            let group = try reader.optionalText()
            self = .protected(action, group: group, try Reason(from: &reader))
        case 15:
            let action = try reader.word(Action.self)
            self = .accessKept(action, try Reason.Departure(from: &reader))
        case 16: self = .membershipKept(try reader.text())
        case 17: self = .unconfirmed(try reader.string())
        case 18: self = .moved(try reader.texts())
        case 19: self = .temporaryLock(try reader.string())
        case 20: self = .lookalike(try reader.text())
        case 21: self = .unreadable(try UserField(from: &reader))
        case 22:
            let field = try UserField(from: &reader)
            let count = try reader.count()
            self = .severalValues(field, count: count, least: try reader.text())
        case 23: self = .ofRun(try reader.text())
        default: throw RecordError()
        }
    }
}

extension Remark.Legacy {
    /// A remark of a record before version 3, and of the tag for those.
    init(from reader: inout RecordReader) throws(RecordError) {
        kind = try reader.word(Remark.Kind.self)
        code = try reader.string()
        message = try reader.string()
        advice = try reader.string()
    }
}

extension Remark.Claim {
    fileprivate func write(to writer: inout RecordWriter) {
        writer.write(word: kind)
        writer.write(name)
        switch obstacle {
        case .taken(let holder, let isLinked):
            writer.write(octet: isLinked ? 1 : 0)
            writer.write(holder)
        case .recycled(let holder):
            writer.write(octet: 2)
            writer.write(holder)
        case .disputed(let others):
            writer.write(octet: 3)
            writer.write(texts: others)
        case .blocked(let holder):
            writer.write(octet: 4)
            writer.write(holder)
        }
        switch outcome {
        case .noAccount: writer.write(octet: 0)
        case .noEmail: writer.write(octet: 1)
        case .staysDeleted: writer.write(octet: 2)
        case .keeps(let kept):
            writer.write(octet: 3)
            writer.write(kept)
        }
    }

    fileprivate init(from reader: inout RecordReader) throws(RecordError) {
        kind = try reader.word(ClaimKind.self)
        name = try reader.text()
        switch try reader.octet() {
        case 0: obstacle = .taken(by: try reader.text(), isLinked: false)
        case 1: obstacle = .taken(by: try reader.text(), isLinked: true)
        case 2: obstacle = .recycled(from: try reader.text())
        case 3: obstacle = .disputed(with: try reader.texts())
        case 4: obstacle = .blocked(by: try reader.text())
        default: throw RecordError()
        }
        switch try reader.octet() {
        case 0: outcome = .noAccount
        case 1: outcome = .noEmail
        case 2: outcome = .staysDeleted
        case 3: outcome = .keeps(try reader.text())
        default: throw RecordError()
        }
    }
}
