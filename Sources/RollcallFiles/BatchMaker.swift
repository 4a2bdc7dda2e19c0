import RollcallCore

/// Makes user and group entries of records, and rejects those that cannot be used.
final class BatchMaker: BatchSink {
    private let place: FilePlace
    private let request: ReadRequest
    private let attributes: WantedAttributes
    private let classifier: RecordClassifier
    private let limits: FileLimits
    private var builder: EntryBuilder
    private var batch = EntryBatch()
    private var users = 0
    private var groups = 0
    private var rejected = 0
    /// Where the entries of the batch stand.
    private var places: RecordPlaces

    init(
        _ settings: FileSourceSettings, _ request: ReadRequest, _ attributes: WantedAttributes, _ limits: FileLimits,
        scope: ReplayScope? = nil
    ) {
        place = FilePlace(path: settings.path)
        self.request = request
        self.attributes = attributes
        self.limits = limits
        classifier = RecordClassifier(
            users: settings.users, groups: request.readsGroups ? settings.groups : nil, attributes, scope: scope)
        builder = EntryBuilder(layout: request.users, limit: limits.user)
        places = RecordPlaces(prefix: "\(place.path):")
    }

    /// The entries since the last call.
    func takeBatch() -> EntryBatch {
        users += batch.users.count
        groups += batch.groups.count
        rejected += batch.rejected.count
        batch.places = places
        defer {
            batch = EntryBatch()
            places = RecordPlaces(prefix: places.prefix)
        }
        return batch
    }

    /// The proof over all batches taken so far.
    var proof: ReadProof {
        ReadProof(server: place.path, users: users, groups: groups, rejected: rejected, pages: 1, result: 0)
    }

    func take(_ record: Record) {
        switch classifier.kind(of: record) {
        case .user: addUser(record)
        case .group: addGroup(record)
        case .perhapsUser: reject(record, .user, unjudged(record, attributes.userAnchor), readable: entry(of: record))
        case .perhapsGroup: reject(record, .group, unjudged(record, attributes.groupAnchor))
        case .other: break
        }
    }

    /// Why a record is rejected that may or may not be selected.
    private func unjudged(_ record: Record, _ anchor: Int) -> Flaw {
        let anchors = record.values(of: anchor).filter { !$0.isEmpty }.prefix(Self.mostAnchors).map { Anchor($0) }
        return Flaw(
            reason: "a value is larger than \(limits.line) bytes or all of them than \(limits.group), so it cannot be judged",
            anchors: Array(anchors))
    }

    /// What can be read of a record as a user.
    private func entry(of record: Record) -> Entry {
        builder.begin(dn: record.dn)
        record.forEachValue { number, value in
            builder.append(value, inSlot: number)
            return true
        }
        for number in record.cutNumbers { builder.markUnreadable(inSlot: number) }
        return builder.finish()
    }

    private func addUser(_ record: Record) {
        let entry = entry(of: record)
        switch anchor(of: record, attributes.userAnchor, request.users.names.first) {
        case .success where entry.anchor == nil:
            reject(record, .user, Flaw(reason: "its immutable id, or all that the config reads of it, is too large"))
        case .success:
            batch.users.append(entry)
            places.users.append(record.line)
        case .failure(let flaw): reject(record, .user, flaw, readable: flaw.anchors.isEmpty ? nil : entry)
        }
    }

    private func addGroup(_ record: Record) {
        let anchor: Anchor
        switch self.anchor(of: record, attributes.groupAnchor, request.groupAnchor) {
        case .success(let found): anchor = found
        case .failure(let flaw): return reject(record, .group, flaw)
        }
        let bytes = record.values(of: attributes.groupName).first { !$0.isEmpty }
        let name = bytes.flatMap { Text($0) }
        var group = GroupEntry(
            dn: record.dn, anchor: anchor, name: name ?? .empty, members: record.lacksMembers ? MemberNames() : record.members)
        group.hasName = name != nil
        group.knowsMembers = !record.lacksMembers
        if record.lacksMembers { group.doubt = "they take more than \(limits.group) bytes, or one of them more than \(limits.line)" }
        if name == nil {
            group.doubt =
                bytes == nil
                ? "it has no readable value for \(request.groupName), its name" : "its \(request.groupName) is not UTF-8 text"
        }
        batch.groups.append(group)
        places.groups.append(record.line)
    }

    private struct Flaw: Error {
        let reason: String
        /// The values of the anchor, when it has several.
        var anchors: [Anchor] = []
    }

    /// The most values of an anchor by which a record is still recognised.
    private static let mostAnchors = 16

    /// The one value of the anchor. Two values would make two people of one entry in two readings.
    private func anchor(of record: Record, _ number: Int, _ name: AttributeName?) -> Result<Anchor, Flaw> {
        var found: [UInt8] = []
        var all: [Anchor] = []
        record.forEachValue { candidate, value in
            guard candidate == number, !value.isEmpty else { return true }
            if found.isEmpty {
                found = Array(value)
            } else if !value.elementsEqual(found), all.count < Self.mostAnchors {
                all.append(Anchor(value))
            }
            return true
        }
        let name = name.map(\.description) ?? "the anchor"
        if found.isEmpty { return .failure(Flaw(reason: Self.missingAnchor(name))) }
        if !all.isEmpty {
            return .failure(
                Flaw(
                    reason: "the entry has several values for \(name), which is to be its one immutable id",
                    anchors: [Anchor(found)] + all))
        }
        return .success(Anchor(found))
    }

    private static func missingAnchor(_ name: String) -> String {
        let reason = "the entry has no \(name), its immutable id"
        guard name.lowercased() == "entryuuid" else { return reason }
        return reason + "; export operational attributes too (ldapsearch '*' '+', or slapcat) or name another attributes.anchor"
    }

    private func reject(_ record: Record, _ kind: EntryKind, _ flaw: Flaw, readable: Entry? = nil) {
        let subject = record.dn.isEmpty ? Text(place.subject(record.line)) : Text(lossy: record.dn)
        var rejected = RejectedEntry(anchor: flaw.anchors.first, subject: subject, reason: flaw.reason)
        rejected.kind = kind
        rejected.others = Array(flaw.anchors.dropFirst())
        rejected.readable = readable
        rejected.hasCertainName = !record.dn.isEmpty
        batch.rejected.append(rejected)
    }
}

extension Text {
    /// Bytes of a file as text; what is not UTF-8 is replaced by U+FFFD.
    init(lossy bytes: [UInt8]) {
        self = Text(bytes) ?? Text(String(decoding: bytes, as: UTF8.self))
    }
}
