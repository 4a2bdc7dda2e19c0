extension GuardResult {
    func write(to writer: inout RecordWriter) {
        writer.write(word: guardName)
        writer.write(word: reach)
        limit.write(to: &writer)
        writer.write(observed)
        writer.write(optional: whole.map(Int64.init))
        writer.write(optional: window?.seconds)
        writer.write(word: verdict)
        writer.write(finding != nil)
        finding?.write(to: &writer)
    }

    /// - Parameter version: that of the run's record: 2 added the window, 5 made limit and finding values.
    init(from reader: inout RecordReader, version: Int) throws(RecordError) {
        guardName = try reader.word(GuardName.self)
        reach = try reader.word(Reach.self)
        limit = version < 5 ? .legacy(try reader.string()) : try GuardThreshold(from: &reader)
        observed = try reader.count()
        whole = try reader.optionalNumber().flatMap { Int(exactly: $0) }
        window = version < 2 ? nil : try reader.optionalNumber().map { Span(seconds: $0) }
        verdict = try reader.word(Verdict.self)
        if version < 5 {
            let sentence = try reader.string()
            finding = sentence.isEmpty ? nil : .legacy(sentence)
        } else {
            finding = try reader.flag() ? try GuardFinding(from: &reader) : nil
        }
    }
}

extension GuardThreshold {
    fileprivate func write(to writer: inout RecordWriter) {
        switch self {
        case .legacy(let words):
            writer.write(octet: 0)
            writer.write(words)
        case .always: writer.write(octet: 1)
        case .each: writer.write(octet: 2)
        case .limit(let limit):
            writer.write(octet: 3)
            limit.write(to: &writer)
        case .limitOrAll(let limit):
            writer.write(octet: 4)
            limit.write(to: &writer)
        case .untilApproved: writer.write(octet: 5)
        case .atLeastOne: writer.write(octet: 6)
        }
    }

    fileprivate init(from reader: inout RecordReader) throws(RecordError) {
        switch try reader.octet() {
        case 0: self = .legacy(try reader.string())
        case 1: self = .always
        case 2: self = .each
        case 3: self = .limit(try GuardLimit(from: &reader))
        case 4: self = .limitOrAll(try GuardLimit(from: &reader))
        case 5: self = .untilApproved
        case 6: self = .atLeastOne
        default: throw RecordError()
        }
    }
}

extension GuardLimit {
    fileprivate func write(to writer: inout RecordWriter) {
        writer.write(optional: percent.map(Int64.init))
        writer.write(optional: count.map(Int64.init))
        writer.write(min)
    }

    fileprivate init(from reader: inout RecordReader) throws(RecordError) {
        let percent = try reader.optionalNumber().map { Int(clamping: $0) }
        let count = try reader.optionalNumber().map { Int(clamping: $0) }
        self.init(percent: percent, count: count, min: try reader.count())
    }
}

extension GuardFinding {
    /// The finding with a tag before its values. New tags are only ever added.
    fileprivate func write(to writer: inout RecordWriter) {
        switch self {
        case .legacy(let sentence):
            writer.write(octet: 0)
            writer.write(sentence)
        case .noUsers: writer.write(octet: 1)
        case .noGroups(let before):
            writer.write(octet: 2)
            writer.write(before)
        case .firstRun: writer.write(octet: 3)
        case .exceeded(let earlier):
            writer.write(octet: 4)
            writer.write(earlier)
        case .usersMissing: writer.write(octet: 5)
        case .groupsMissing: writer.write(octet: 6)
        case .attributeGone(let attribute):
            writer.write(octet: 7)
            writer.write(attribute)
        case .otherRules: writer.write(octet: 8)
        case .otherSemantics: writer.write(octet: 9)
        case .each(let count):
            writer.write(octet: 10)
            writer.write(count)
        case .revocations(let group, let earlier):
            writer.write(octet: 11)
            writer.write(group)
            writer.write(earlier)
        case .anchorsChanged: writer.write(octet: 12)
        case .groupReplaced(let pin):
            writer.write(octet: 13)
            pin.write(to: &writer)
        case .lastHolder(let group):
            writer.write(octet: 14)
            writer.write(group)
        case .ownAccess(let approver):
            writer.write(octet: 15)
            writer.write(approver)
        case .paused: writer.write(octet: 16)
        case .expectation(let failure):
            writer.write(octet: 17)
            failure.write(to: &writer)
        case .planWaits(let count):
            writer.write(octet: 18)
            writer.write(count)
        case .changesWait: writer.write(octet: 19)
        case .rejected: writer.write(octet: 20)
        }
    }

    fileprivate init(from reader: inout RecordReader) throws(RecordError) {
        switch try reader.octet() {
        case 0: self = .legacy(try reader.string())
        case 1: self = .noUsers
        case 2: self = .noGroups(before: try reader.count())
        case 3: self = .firstRun
        case 4: self = .exceeded(earlier: try reader.count())
        case 5: self = .usersMissing
        case 6: self = .groupsMissing
        case 7: self = .attributeGone(try reader.text())
        case 8: self = .otherRules
        case 9: self = .otherSemantics
        case 10: self = .each(try reader.count())
        case 11:
            let group = try reader.text()
            self = .revocations(of: group, earlier: try reader.count())
        case 12: self = .anchorsChanged
        case 13: self = .groupReplaced(try PinFinding(from: &reader))
        case 14: self = .lastHolder(of: try reader.text())
        case 15: self = .ownAccess(of: try reader.text())
        case 16: self = .paused
        case 17: self = .expectation(try FailedExpectation(from: &reader))
        case 18: self = .planWaits(try reader.count())
        case 19: self = .changesWait
        case 20: self = .rejected
        default: throw RecordError()
        }
    }
}

extension PinFinding {
    fileprivate func write(to writer: inout RecordWriter) {
        writer.write(rule)
        writer.write(text)
        switch state {
        case .unmatched: writer.write(octet: 0)
        case .pinned: writer.write(octet: 1)
        case .followed(let groups):
            writer.write(octet: 2)
            writer.write(groups: groups)
        case .missing(let groups, let whereabouts, let pins):
            writer.write(octet: 3)
            writer.write(groups: groups)
            whereabouts.write(to: &writer)
            writer.write(pins)
        case .replaced(let groups, let lost):
            writer.write(octet: 4)
            writer.write(groups: groups)
            writer.write(groups: lost)
        }
    }

    fileprivate init(from reader: inout RecordReader) throws(RecordError) {
        rule = try reader.count()
        text = try reader.text()
        switch try reader.octet() {
        case 0: state = .unmatched
        case 1: state = .pinned
        case 2: state = .followed(try reader.groups())
        case 3:
            let groups = try reader.groups()
            let whereabouts = try Whereabouts(from: &reader)
            state = .missing(groups, whereabouts, pins: try reader.flag())
        case 4:
            let groups = try reader.groups()
            state = .replaced(groups, lost: try reader.groups())
        default: throw RecordError()
        }
    }
}

extension PinFinding.Whereabouts {
    fileprivate func write(to writer: inout RecordWriter) {
        switch self {
        case .unconfirmed(let doubt):
            writer.write(octet: 0)
            writer.write(doubt)
        case .notInReading: writer.write(octet: 1)
        case .leftScope(let dn):
            writer.write(octet: 2)
            writer.write(dn)
        case .notBelowBase(let searched):
            writer.write(octet: 3)
            searched.write(to: &writer)
        case .gone: writer.write(octet: 4)
        }
    }

    fileprivate init(from reader: inout RecordReader) throws(RecordError) {
        switch try reader.octet() {
        case 0: self = .unconfirmed(try reader.string())
        case 1: self = .notInReading
        case 2: self = .leftScope(try reader.text())
        case 3: self = .notBelowBase(try PartialContext(from: &reader))
        case 4: self = .gone
        default: throw RecordError()
        }
    }
}

extension FailedExpectation {
    fileprivate func write(to writer: inout RecordWriter) {
        writer.write(expectation.user)
        if case .present(let status, let groups) = expectation.outcome {
            writer.write(true)
            writer.write(status != nil)
            if let status { writer.write(word: status) }
            writer.write(texts: groups)
        } else {
            writer.write(false)
        }
        writer.write(found != nil)
        if let found {
            writer.write(word: found.status)
            writer.write(texts: found.groups)
        }
    }

    fileprivate init(from reader: inout RecordReader) throws(RecordError) {
        let user = try reader.text()
        var outcome = Expectation.Outcome.absent
        if try reader.flag() {
            let status = try reader.flag() ? try reader.word(UserStatus.self) : nil
            outcome = .present(status: status, groups: try reader.texts())
        }
        expectation = Expectation(user: user, outcome)
        if try reader.flag() {
            let status = try reader.word(UserStatus.self)
            found = Standing(status: status, groups: try reader.texts())
        }
    }
}

extension RecordWriter {
    fileprivate mutating func write(groups: [PinFinding.Group]) {
        write(groups.count)
        for group in groups {
            write(group.dn)
            write(group.anchor.bytes)
        }
    }
}

extension RecordReader {
    fileprivate mutating func groups() throws(RecordError) -> [PinFinding.Group] {
        var groups: [PinFinding.Group] = []
        for _ in 0..<(try itemCount()) {
            let dn = try text()
            groups.append(PinFinding.Group(dn: dn, anchor: Anchor(try field())))
        }
        return groups
    }
}
