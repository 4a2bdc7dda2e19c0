internal import RollcallCore

/// What an event of the audit log is about.
enum AuditKind: Int64, CaseIterable {
    /// One row of a run's plan, as it was applied or shown.
    case row = 1
    /// The end of a run.
    case run = 2
    /// What a person decided about a held plan.
    case decision = 3
    /// What a person did to the store beside any run.
    case operation = 4
}

/// Appends to the audit log: each event's hash covers the event and the hash before it.
struct AuditChain {
    private let insert: Statement
    private(set) var head: AuditHead

    init(_ connection: Connection) throws(StoreError) {
        insert = try connection.prepare("INSERT INTO audit (seq, run, kind, at, record, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        head = try AuditHead(connection)
        // Room for as many events as there will ever be.
        guard head.count >= 0, head.count < Int64.max / 2 else {
            throw StoreError(
                .corrupt, subject: connection.subject, message: "the audit log has no event \(head.count)",
                advice: "run `rollcall audit verify`; restore the store from a backup")
        }
    }

    mutating func append(run: Int64, kind: AuditKind, at: Instant, record: [UInt8]) throws(StoreError) {
        let next = record.withUnsafeBytes { prepare(run: run, kind: kind, at: at, record: $0) }
        try insert.run()
        head = next
    }

    mutating func append(run: Int64, kind: AuditKind, at: Instant, record: UnsafeRawBufferPointer) throws(StoreError) {
        let next = prepare(run: run, kind: kind, at: at, record: record)
        try insert.run()
        head = next
    }

    /// Binds the next event.
    ///
    /// - Returns: the head of the log once it is there.
    private func prepare(run: Int64, kind: AuditKind, at: Instant, record: UnsafeRawBufferPointer) -> AuditHead {
        let seq = head.count + 1
        let hash = AuditChain.hash(after: head.hash, seq: seq, run: run, kind: kind.rawValue, at: at.microseconds, record: record)
        insert.bind(1, seq).bind(2, run).bind(3, kind.rawValue).bind(4, at.microseconds).bind(5, record).bind(6, hash)
        return AuditHead(count: seq, hash: hash)
    }

    /// The hash of one event: SHA-256 over a version octet, the hash before it, and the event's fields, each of a fixed size or
    /// with its length before it.
    static func hash(after previous: Digest, seq: Int64, run: Int64, kind: Int64, at: Int64, record: UnsafeRawBufferPointer) -> Digest {
        var buffer: [UInt8] = []
        buffer.reserveCapacity(record.count + 80)
        buffer.append(1)
        previous.append(to: &buffer)
        let count = Int64(record.count)
        withUnsafeBytes(of: (seq.bigEndian, run.bigEndian, kind.bigEndian, at.bigEndian, count.bigEndian)) {
            buffer.append(contentsOf: $0)
        }
        buffer.append(contentsOf: record)
        return Digest(hashing: buffer)
    }
}

extension AuditHead {
    /// The end of the log as the database has it.
    init(_ connection: Connection) throws(StoreError) {
        let last = try connection.prepare("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
        if try last.step(), let hash = Digest(bytes: last.bytes(1)) {
            self.init(count: last.number(0), hash: hash)
        } else {
            self.init(count: 0, hash: AuditHead.beginning)
        }
    }

    /// What stands before the first event.
    static let beginning = Digest(hashing: Array("rollcall.audit/1".utf8))
}
