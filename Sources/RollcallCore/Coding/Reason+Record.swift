extension Reason {
    /// The reason with a tag before its values. New tags are only ever added.
    func write(to writer: inout RecordWriter) {
        switch self {
        case .legacy(let sentence):
            writer.write(octet: 0)
            writer.write(sentence)
        case .newEntry(let account):
            writer.write(octet: 1)
            account.write(to: &writer)
        case .changedUpstream: writer.write(octet: 2)
        case .renamedUpstream: writer.write(octet: 3)
        case .activeAgain(let back):
            writer.write(octet: 4)
            writer.write(back.isInvited)
            writer.write(word: back.role)
            writer.write(texts: back.groups)
        case .left(let departure, let ending):
            writer.write(octet: 5)
            departure.write(to: &writer)
            ending.write(to: &writer)
        case .member: writer.write(octet: 6)
        case .memberOfReplacement: writer.write(octet: 7)
        case .noLongerMember: writer.write(octet: 8)
        case .lostGroup: writer.write(octet: 9)
        case .sameIdentifier(let identifier, let username):
            writer.write(octet: 10)
            writer.write(word: identifier)
            writer.write(username)
        case .declared(let declaration):
            writer.write(octet: 11)
            writer.write(optional: declaration.holders.map { Int64($0) })
            writer.write(texts: declaration.gained)
            writer.write(texts: declaration.lost)
        case .names(let names):
            writer.write(octet: 12)
            writer.write(names.areFreed)
            writer.write(texts: names.first)
            writer.write(names.more)
        }
    }

    init(from reader: inout RecordReader) throws(RecordError) {
        switch try reader.octet() {
        case 0: self = .legacy(try reader.string())
        case 1: self = .newEntry(try NewAccount(from: &reader))
        case 2: self = .changedUpstream
        case 3: self = .renamedUpstream
        case 4:
            let isInvited = try reader.flag()
            let role = try reader.word(Role.self)
            self = .activeAgain(Return(isInvited: isInvited, role: role, groups: try reader.texts()))
        case 5:
            let departure = try Departure(from: &reader)
            self = .left(departure, try Ending(from: &reader))
        case 6: self = .member
        case 7: self = .memberOfReplacement
        case 8: self = .noLongerMember
        case 9: self = .lostGroup
        case 10:
            let identifier = try reader.word(ChangeRule.Adopted.self)
            self = .sameIdentifier(identifier, try reader.text())
        case 11:
            let holders = try reader.optionalNumber().map { Int(clamping: $0) }
            let gained = try reader.texts()
            self = .declared(Declaration(holders: holders, gained: gained, lost: try reader.texts()))
        case 12:
            let areFreed = try reader.flag()
            let first = try reader.texts()
            self = .names(Names(areFreed: areFreed, first: first, more: try reader.count()))
        default: throw RecordError()
        }
    }
}

extension Reason.NewAccount {
    fileprivate func write(to writer: inout RecordWriter) {
        switch self {
        case .active: writer.write(octet: 0)
        case .invited: writer.write(octet: 1)
        case .waiting: writer.write(octet: 2)
        case .status(let reason):
            writer.write(octet: 3)
            reason.write(to: &writer)
        case .missing(let reason, let status):
            writer.write(octet: 4)
            reason.write(to: &writer)
            writer.write(word: status)
        }
    }

    fileprivate init(from reader: inout RecordReader) throws(RecordError) {
        switch try reader.octet() {
        case 0: self = .active
        case 1: self = .invited
        case 2: self = .waiting
        case 3: self = .status(try StatusReason(from: &reader))
        case 4:
            let reason = try StatusReason(from: &reader)
            self = .missing(reason, try reader.word(Lifecycle.MissingStatus.self))
        default: throw RecordError()
        }
    }
}

extension Reason.Departure {
    func write(to writer: inout RecordWriter) {
        switch self {
        case .gone: writer.write(octet: 0)
        case .leftScope(let dn):
            writer.write(octet: 1)
            writer.write(dn)
        case .notBelowBase(let searched):
            writer.write(octet: 2)
            searched.write(to: &writer)
        case .notLookedUp: writer.write(octet: 3)
        case .absent: writer.write(octet: 4)
        case .ignored(let filter):
            writer.write(octet: 5)
            writer.write(filter)
        case .status(let reason):
            writer.write(octet: 6)
            reason.write(to: &writer)
        }
    }

    init(from reader: inout RecordReader) throws(RecordError) {
        switch try reader.octet() {
        case 0: self = .gone
        case 1: self = .leftScope(try reader.text())
        case 2: self = .notBelowBase(try PartialContext(from: &reader))
        case 3: self = .notLookedUp
        case 4: self = .absent
        case 5: self = .ignored(try reader.string())
        case 6: self = .status(try StatusReason(from: &reader))
        default: throw RecordError()
        }
    }
}

extension PartialContext {
    func write(to writer: inout RecordWriter) {
        writer.write(base)
        writer.write(context)
    }

    init(from reader: inout RecordReader) throws(RecordError) {
        base = try reader.text()
        context = try reader.text()
    }
}

extension Reason.Ending {
    fileprivate func write(to writer: inout RecordWriter) {
        writer.write(texts: groups)
        switch waited {
        case nil: writer.write(octet: 0)
        case .inactive(let span):
            writer.write(octet: 1)
            writer.write(signed: span.seconds)
        case .deleted(let span):
            writer.write(octet: 2)
            writer.write(signed: span.seconds)
        }
    }

    fileprivate init(from reader: inout RecordReader) throws(RecordError) {
        groups = try reader.texts()
        switch try reader.octet() {
        case 0: waited = nil
        case 1: waited = .inactive(Span(seconds: try reader.signed()))
        case 2: waited = .deleted(Span(seconds: try reader.signed()))
        default: throw RecordError()
        }
    }
}

extension StatusReason {
    func write(to writer: inout RecordWriter) {
        switch self {
        case .noRule: writer.write(octet: 0)
        case .unknown(let rule):
            writer.write(octet: 1)
            writer.write(rule.number)
            writer.write(rule.text)
        case .matching(let rules):
            writer.write(octet: 2)
            writer.write(rules.count)
            for rule in rules {
                writer.write(rule.number)
                writer.write(rule.text)
            }
        }
    }

    init(from reader: inout RecordReader) throws(RecordError) {
        switch try reader.octet() {
        case 0: self = .noRule
        case 1:
            let number = try reader.count()
            self = .unknown(Rule(number, try reader.string()))
        case 2:
            var rules: [Rule] = []
            for _ in 0..<(try reader.itemCount()) {
                let number = try reader.count()
                rules.append(Rule(number, try reader.string()))
            }
            self = .matching(rules)
        default: throw RecordError()
        }
    }
}

extension RecordWriter {
    mutating func write(texts: [Text]) {
        write(texts.count)
        for text in texts { write(text) }
    }
}

extension RecordReader {
    mutating func texts() throws(RecordError) -> [Text] {
        var texts: [Text] = []
        for _ in 0..<(try itemCount()) { texts.append(try text()) }
        return texts
    }
}
