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
        builder = EntryBuilder(layout: request.users)
    }

    /// The entries since the last call.
    func takeBatch() -> EntryBatch {
        users += batch.users.count
        groups += batch.groups.count
        rejected += batch.rejected.count
        defer { batch = EntryBatch() }
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
        case .other where record.lacksValues:
            reject(record, nil, "a value is larger than \(limits.line) bytes or all of them than \(limits.group), so it cannot be judged")
        case .other: break
        }
    }

    private func addUser(_ record: Record) {
        let anchor: Anchor
        switch self.anchor(of: record, attributes.userAnchor, request.users.names.first) {
        case .success(let found): anchor = found
        case .failure(let flaw): return reject(record, nil, flaw.reason)
        }
        builder.begin(dn: record.dn)
        record.forEachValue { number, value in
            builder.append(value, inSlot: number)
            return true
        }
        guard !record.lacksValues, builder.byteCount <= limits.user else {
            return reject(record, anchor, "the entry is larger than \(limits.user) bytes")
        }
        batch.users.append(builder.finish())
    }

    private func addGroup(_ record: Record) {
        let anchor: Anchor
        switch self.anchor(of: record, attributes.groupAnchor, request.groupAnchor) {
        case .success(let found): anchor = found
        case .failure(let flaw): return reject(record, nil, flaw.reason)
        }
        guard !record.lacksValues, !record.lacksMembers else {
            return reject(record, anchor, "the entry is larger than \(limits.group) bytes")
        }
        guard let bytes = record.values(of: attributes.groupName).first(where: { !$0.isEmpty }) else {
            return reject(record, anchor, "the group has no value for \(request.groupName), its name")
        }
        guard let name = Text(bytes) else {
            return reject(record, anchor, "the group's \(request.groupName) is not UTF-8 text")
        }
        batch.groups.append(GroupEntry(dn: record.dn, anchor: anchor, name: name, members: record.members))
    }

    private struct Flaw: Error {
        let reason: String
    }

    /// The one value of the anchor. Two values would make two people of one entry in two readings.
    private func anchor(of record: Record, _ number: Int, _ name: AttributeName?) -> Result<Anchor, Flaw> {
        var found: [UInt8] = []
        var isUnique = true
        record.forEachValue { candidate, value in
            guard candidate == number, !value.isEmpty else { return true }
            if found.isEmpty {
                found = Array(value)
            } else if !value.elementsEqual(found) {
                isUnique = false
            }
            return true
        }
        let name = name.map(\.description) ?? "the anchor"
        if found.isEmpty { return .failure(Flaw(reason: Self.missingAnchor(name))) }
        if !isUnique { return .failure(Flaw(reason: "the entry has several values for \(name), which is to be its one immutable id")) }
        return .success(Anchor(found))
    }

    private static func missingAnchor(_ name: String) -> String {
        let reason = "the entry has no \(name), its immutable id"
        guard name.lowercased() == "entryuuid" else { return reason }
        return reason + "; export operational attributes too (ldapsearch '*' '+', or slapcat) or name another attributes.anchor"
    }

    private func reject(_ record: Record, _ anchor: Anchor?, _ reason: String) {
        let subject = record.dn.isEmpty ? Text(place.subject(record.line)) : Text(lossy: record.dn)
        batch.rejected.append(RejectedEntry(anchor: anchor, subject: subject, reason: reason))
    }
}

extension Text {
    /// Bytes of a file as text; what is not UTF-8 is replaced by U+FFFD.
    init(lossy bytes: [UInt8]) {
        self = Text(bytes) ?? Text(String(decoding: bytes, as: UTF8.self))
    }
}
