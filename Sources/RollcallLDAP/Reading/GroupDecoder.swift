import RollcallCore
import RollcallReading

/// Makes group entries out of SearchResultEntry messages.
struct GroupDecoder: EntrySink {
    private enum Slot {
        static let anchor = 0
        static let name = 1
    }

    private(set) var batch = EntryBatch()
    private var batchBytes = 0
    private var matcher: SlotMatcher
    private var nameCheck = EntryNameCheck()

    init(_ request: ReadRequest) {
        matcher = SlotMatcher(GroupDecoder.attributes(request))
    }

    /// What is asked for: anchor, name, then the member attributes.
    static func attributes(_ request: ReadRequest) -> [AttributeName] {
        [request.groupAnchor, request.groupName] + request.groupMembers
    }

    var isFull: Bool { batch.count >= EntryLimits.batchEntries || batchBytes >= EntryLimits.batchBytes }

    mutating func takeBatch() -> EntryBatch {
        defer {
            batch = EntryBatch()
            batchBytes = 0
        }
        return batch
    }

    mutating func add(_ message: borrowing LDAPMessage, _ session: LDAPSession) throws(SourceError) {
        var fields = try EntryFields(session, message)
        try add(&fields)
    }

    mutating func add(_ fields: inout some AttributeFields & ~Copyable) throws(SourceError) {
        var anchors: [[UInt8]] = []
        var names: [[UInt8]] = []
        var members = MemberNames()
        var doubt: String?
        matcher.begin()
        while try fields.advance() {
            switch matcher.match(fields.name) {
            case .none: break
            case .partial(Slot.anchor), .partial(Slot.name): break
            case .partial: doubt = "the server gives only a range of them"
            case .slot(Slot.anchor): anchors = fields.smallValues()
            case .slot(Slot.name): names = fields.smallValues()
            case .slot:
                if fields.isCut || !fields.appendValues(to: &members) { doubt = "they take more than \(EntryLimits.group) bytes" }
            }
        }
        var fault: String?
        if anchors.isEmpty { fault = "it has no value for the anchor attribute" }
        if anchors.count > 1 { fault = "it has \(anchors.count) values for the anchor attribute" }
        let isNamed = nameCheck.accepts(fields.dn)
        if !isNamed { fault = "its name is not a distinguished name" }
        let all = anchors.map { Anchor($0) }
        guard fault == nil, let anchor = all.first else {
            var rejected = RejectedEntry(anchor: all.first, subject: EntryNameCheck.subject(fields.dn), reason: fault ?? "it has no id")
            rejected.kind = .group
            rejected.others = Array(all.dropFirst())
            rejected.hasCertainName = isNamed
            batch.rejected.append(rejected)
            return
        }
        let name = GroupDecoder.name(among: names, dn: fields.dn)
        var group = GroupEntry(
            dn: Array(fields.dn), anchor: anchor, name: name ?? .empty, members: doubt == nil ? members : MemberNames())
        group.knowsMembers = doubt == nil
        group.hasName = name != nil
        group.doubt = name == nil ? (names.isEmpty ? "it has no value for its name" : "its name is not text") : doubt
        batchBytes += group.members.byteCount
        batch.groups.append(group)
    }

    /// The group's name: of several values the one in its DN, else the first in byte order, because servers keep no order.
    private static func name(among names: [[UInt8]], dn: UnsafeBufferPointer<UInt8>) -> Text? {
        if names.count > 1, let level = try? DistinguishedName(parsing: Array(dn)[...]).rdns.first,
            let own = level.components.first(where: { names.contains($0.value) })
        {
            return Text(own.value)
        }
        return names.min { $0.lexicographicallyPrecedes($1) }.flatMap { Text($0) }
    }
}

extension AttributeFields where Self: ~Copyable {
    /// The values that are not empty, each cut to what an id or a name may sensibly have.
    fileprivate func smallValues() -> [[UInt8]] {
        (0..<min(valueCount, 64)).map { Array(value($0).prefix(4096)) }.filter { !$0.isEmpty }
    }

    /// Adds all values; `false` when the cap was reached before the last.
    fileprivate func appendValues(to members: inout MemberNames) -> Bool {
        var bytes = 0
        for index in 0..<valueCount { bytes += value(index).count }
        guard members.byteCount + bytes <= EntryLimits.group else { return false }
        members.reserve(names: members.count + valueCount, bytes: members.byteCount + bytes)
        for index in 0..<valueCount where !value(index).isEmpty { members.append(value(index)) }
        return true
    }
}
