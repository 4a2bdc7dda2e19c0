/// One piece of a snapshot file: `rollcall.snapshot/1`.
///
/// The file begins with the line `rollcall.snapshot/1`. Frames follow, each an octet for its kind, four octets for the length of
/// its content, most significant first, and the content: one header, the entries in the order in which the source gave them, the proof,
/// what look-ups showed, and the trailer with both counts and the SHA-256 of all bytes before it.
public enum SnapshotFrame: Sendable {
    case header(SnapshotHeader)
    case entry(RawEntry)
    /// The reading's proof, and every attribute that some entry has.
    case proof(ReadProof, seen: [AttributeName])
    case lookUp(Anchor, Presence)
    case trailer(entries: Int, lookUps: Int, sum: Digest)

    enum Kind: UInt8 {
        case header = 1
        case entry = 2
        case proof = 3
        case lookUp = 4
        case trailer = 5
    }

    /// The line that a snapshot begins with.
    public static let opening = Array("rollcall.snapshot/1\n".utf8)
    /// What every version's first line starts with.
    static let family = Array("rollcall.snapshot/".utf8)

    /// The bytes of the frame.
    public var bytes: [UInt8] {
        var writer = RecordWriter()
        let kind: Kind
        switch self {
        case .header(let header):
            kind = .header
            header.write(to: &writer)
        case .entry(let entry):
            return SnapshotFrame.head(.entry, entry.bytes.count) + entry.bytes
        case .proof(let proof, let seen):
            kind = .proof
            proof.write(to: &writer)
            let share = proof.groupSearch ?? SearchShare(pages: 0, referralsIgnored: 0)
            writer.write(share.pages)
            writer.write(share.referralsIgnored)
            writer.write(proof.remarks.count)
            for remark in proof.remarks { writer.write(remark) }
            writer.write(seen.count)
            for name in seen { writer.write("\(name)") }
        case .lookUp(let anchor, let presence):
            kind = .lookUp
            writer.write(anchor.bytes)
            presence.write(to: &writer)
        case .trailer(let entries, let lookUps, let sum):
            kind = .trailer
            writer.write(entries)
            writer.write(lookUps)
            writer.write(sum)
        }
        return SnapshotFrame.head(kind, writer.bytes.count) + writer.bytes
    }

    private static func head(_ kind: Kind, _ count: Int) -> [UInt8] {
        let length = UInt32(clamping: count)
        return [kind.rawValue] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
    }

    /// A frame of its content; `nil` when it does not decode.
    init?(_ kind: Kind, _ content: [UInt8]) {
        if kind == .entry {
            self = .entry(RawEntry(bytes: content))
            return
        }
        let frame: SnapshotFrame?? = content.withUnsafeBytes { bytes in
            var reader = RecordReader(bytes)
            let frame = try? SnapshotFrame(kind, &reader)
            return reader.isAtEnd ? frame : nil
        }
        guard let frame, let frame else { return nil }
        self = frame
    }

    private init(_ kind: Kind, _ reader: inout RecordReader) throws(RecordError) {
        switch kind {
        case .header: self = .header(try SnapshotHeader(from: &reader))
        case .entry: throw RecordError()
        case .proof:
            var proof = try ReadProof(from: &reader)
            proof.groupSearch = SearchShare(pages: try reader.count(), referralsIgnored: try reader.count())
            for _ in 0..<(try reader.itemCount()) { proof.remarks.append(try reader.text()) }
            var seen: [AttributeName] = []
            for _ in 0..<(try reader.itemCount()) { seen.append(try reader.attribute()) }
            self = .proof(proof, seen: seen)
        case .lookUp:
            let anchor = Anchor(try reader.field())
            self = .lookUp(anchor, try Presence(from: &reader))
        case .trailer:
            self = .trailer(entries: try reader.count(), lookUps: try reader.count(), sum: try reader.digest())
        }
    }
}

extension SnapshotHeader {
    fileprivate func write(to writer: inout RecordWriter) {
        writer.write(signed: taken.microseconds)
        writer.write(sourceType)
        writer.write(optional: flavor)
        users.write(to: &writer)
        writer.write(groups != nil)
        groups?.write(to: &writer)
        writer.write("\(anchor)")
        writer.write(read.count)
        for name in read { writer.write("\(name)") }
    }

    fileprivate init(from reader: inout RecordReader) throws(RecordError) {
        let taken = Instant(microseconds: try reader.signed())
        let sourceType = try reader.string()
        let flavor = try reader.optionalString()
        let users = try LDAPSettings.Search(from: &reader)
        let groups = try reader.flag() ? try LDAPSettings.Search(from: &reader) : nil
        let anchor = try reader.attribute()
        var read: [AttributeName] = []
        for _ in 0..<(try reader.itemCount()) { read.append(try reader.attribute()) }
        self.init(taken: taken, sourceType: sourceType, flavor: flavor, users: users, groups: groups, anchor: anchor, read: read)
    }
}

extension LDAPSettings.Search {
    fileprivate func write(to writer: inout RecordWriter) {
        writer.write(base)
        writer.write(scope.rawValue)
        writer.write("\(filter)")
    }

    fileprivate init(from reader: inout RecordReader) throws(RecordError) {
        let base = try reader.string()
        guard let scope = LDAPSettings.Scope(rawValue: try reader.string()), let filter = try? Filter(parsing: try reader.string()) else {
            throw RecordError()
        }
        self.init(base: base, scope: scope, filter: filter)
    }
}

extension Presence {
    fileprivate func write(to writer: inout RecordWriter) {
        switch self {
        case .inScope: writer.write(octet: 0)
        case .leftScope(let dn):
            writer.write(octet: 1)
            writer.write(dn)
        case .gone: writer.write(octet: 2)
        case .unknown(let reason):
            writer.write(octet: 3)
            writer.write(reason)
        case .notBelowBase(let searched):
            writer.write(octet: 5)
            searched.write(to: &writer)
        }
    }

    fileprivate init(from reader: inout RecordReader) throws(RecordError) {
        switch try reader.octet() {
        case 0: self = .inScope
        case 1: self = .leftScope(dn: try reader.text())
        case 2: self = .gone
        case 3: self = .unknown(try reader.string())
        // In the words of an earlier version.
        case 4: self = .unknown("it is \(try reader.text())")
        case 5: self = .notBelowBase(try PartialContext(from: &reader))
        default: throw RecordError()
        }
    }
}

extension RecordReader {
    fileprivate mutating func attribute() throws(RecordError) -> AttributeName {
        guard let name = AttributeName(kept: Array(try field())) else { throw RecordError() }
        return name
    }
}
