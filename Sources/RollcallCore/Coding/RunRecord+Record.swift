extension RunRecord {
    /// The record in its canonical bytes, as the store and the audit log keep it.
    public var record: [UInt8] {
        var writer = RecordWriter(reserving: 512)
        writer.write(RunRecord.recordVersion)
        writer.write(id.description)
        writer.write(signed: started.microseconds)
        writer.write(signed: finished.microseconds)
        writer.write(word: mode)
        writer.write(word: outcome)
        writer.write(optional: reason)
        writer.write(source.name)
        writer.write(source.type)
        writer.write(source.proof != nil)
        if let proof = source.proof {
            proof.write(to: &writer)
            writer.write(word: proof.extent)
        }
        summary.write(to: &writer)
        writer.write(guards.count)
        for result in guards { result.write(to: &writer) }
        writer.write(planDigest != nil)
        if let planDigest { writer.write(planDigest) }
        writer.write(isApproved)
        writer.write(optional: heldPlan?.description)
        writer.write(actor)
        writer.write(warnings.count)
        for warning in warnings { writer.write(warning) }
        writer.write(summary.undecidedActive)
        return writer.bytes
    }

    /// A record from its canonical bytes; `nil` when they are none.
    public init?(record: [UInt8]) {
        guard let run = record.withUnsafeBytes({ RunRecord(lent: $0) }) else { return nil }
        self = run
    }

    private init?(lent record: UnsafeRawBufferPointer) {
        do {
            var reader = RecordReader(record)
            let version = try reader.count()
            guard (1...RunRecord.recordVersion).contains(version), let id = RunID(try reader.string()) else { return nil }
            let started = Instant(microseconds: try reader.signed())
            let finished = Instant(microseconds: try reader.signed())
            let mode = try reader.word(Mode.self)
            let outcome = try reader.word(Outcome.self)
            let reason = try reader.optionalString()
            let name = try reader.string()
            let type = try reader.string()
            var proof = try reader.flag() ? try ReadProof(from: &reader) : nil
            if proof != nil, version >= 3 { proof?.extent = try reader.word(ReadExtent.self) }
            let summary = try Summary(from: &reader)
            var guards: [GuardResult] = []
            for _ in 0..<(try reader.itemCount()) { guards.append(try GuardResult(from: &reader, version: version)) }
            let digest = try reader.flag() ? try reader.digest() : nil
            let isApproved = try reader.flag()
            let heldPlan = version < 2 ? nil : try reader.optionalString().flatMap { HeldPlanID($0) }
            self.init(
                id: id, started: started, mode: mode, source: SourceFacts(name: name, type: type, proof: proof), actor: try reader.text())
            self.finished = finished
            self.outcome = outcome
            self.reason = reason
            self.summary = summary
            self.guards = guards
            self.planDigest = digest
            self.isApproved = isApproved
            self.heldPlan = heldPlan
            for _ in 0..<(try reader.itemCount()) { warnings.append(try reader.text()) }
            if version >= 4 { self.summary.undecidedActive = try reader.count() }
        } catch {
            return nil
        }
    }

    /// 2 added the window to what a guard said, and the held plan; 3 how much of the directory was read; 4 how many undecided accounts have
    /// access; 5 keeps limits and findings of guards as values.
    private static let recordVersion = 5
}

extension ReadProof {
    func write(to writer: inout RecordWriter) {
        writer.write(server)
        for number in [users, groups, rejected, pages, referralsIgnored] { writer.write(number) }
        writer.write(signed: Int64(result))
        writer.write(optional: watermark)
    }

    init(from reader: inout RecordReader) throws(RecordError) {
        let server = try reader.string()
        let users = try reader.count()
        let groups = try reader.count()
        let rejected = try reader.count()
        let pages = try reader.count()
        let referrals = try reader.count()
        guard let result = Int(exactly: try reader.signed()) else { throw RecordError() }
        self.init(
            server: server, users: users, groups: groups, rejected: rejected, pages: pages, result: result,
            watermark: try reader.optionalString(), referralsIgnored: referrals)
    }
}

extension Summary {
    fileprivate func write(to writer: inout RecordWriter) {
        writer.write(Action.allCases.count)
        for action in Action.allCases {
            writer.write(word: action)
            writer.write(self[action])
        }
        for number in numbers { writer.write(number) }
    }

    private var numbers: [Int] {
        [unchanged, held, drift, conflict, newConflict, undecided, protected, ignored, unmappedGroups, warnings]
    }

    fileprivate init(from reader: inout RecordReader) throws(RecordError) {
        self.init()
        for _ in 0..<(try reader.itemCount()) {
            let action = try reader.word(Action.self)
            self[action] = try reader.count()
        }
        unchanged = try reader.count()
        held = try reader.count()
        drift = try reader.count()
        conflict = try reader.count()
        newConflict = try reader.count()
        undecided = try reader.count()
        protected = try reader.count()
        ignored = try reader.count()
        unmappedGroups = try reader.count()
        warnings = try reader.count()
    }
}
