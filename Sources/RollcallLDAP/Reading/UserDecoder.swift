import RollcallCore
import RollcallReading

/// Makes user entries out of SearchResultEntry messages.
struct UserDecoder: EntrySink {
    private(set) var batch = EntryBatch()
    private var batchBytes = 0
    private var matcher: SlotMatcher
    private var builder: EntryBuilder
    private var nameCheck = EntryNameCheck()
    private var anchors: [Anchor] = []

    init(_ layout: AttributeLayout) {
        matcher = SlotMatcher(layout.names)
        builder = EntryBuilder(layout: layout, limit: EntryLimits.user)
    }

    var isFull: Bool { batch.count >= EntryLimits.batchEntries || batchBytes >= EntryLimits.batchBytes }

    mutating func takeBatch() -> EntryBatch {
        defer {
            batch = EntryBatch()
            batch.users.reserveCapacity(EntryLimits.batchEntries)
            batchBytes = 0
        }
        return batch
    }

    mutating func add(_ message: borrowing LDAPMessage, _ session: LDAPSession) throws(SourceError) {
        var fields = try EntryFields(session, message)
        try add(&fields)
    }

    mutating func add(_ fields: inout some AttributeFields & ~Copyable) throws(SourceError) {
        var fault: String?
        anchors.removeAll(keepingCapacity: true)
        var anchorCount = 0
        matcher.begin()
        builder.begin(dn: fields.dn)
        while try fields.advance() {
            switch matcher.match(fields.name) {
            case .none: break
            case .partial(let slot): builder.markUnreadable(inSlot: slot)
            case .slot(let slot):
                if fields.isCut { builder.markUnreadable(inSlot: slot) }
                for index in 0..<fields.valueCount {
                    let value = fields.value(index)
                    if slot == AttributeLayout.anchorSlot, !value.isEmpty {
                        anchorCount += 1
                        if value.count > EntryLimits.anchor {
                            fault = "the value of its anchor attribute is larger than \(EntryLimits.anchor) bytes"
                        } else if anchors.count < UserDecoder.mostAnchors {
                            anchors.append(Anchor(value))
                        }
                    }
                    builder.append(value, inSlot: slot)
                }
            }
        }
        if anchorCount == 0 { fault = "it has no value for the anchor attribute" }
        if anchorCount > 1 { fault = "it has \(anchorCount) values for the anchor attribute" }
        let isNamed = nameCheck.accepts(fields.dn)
        if !isNamed { fault = "its name is not a distinguished name" }
        guard let fault else {
            batchBytes += builder.byteCount
            batch.users.append(builder.finish())
            return
        }
        var rejected = RejectedEntry(anchor: anchors.first, subject: EntryNameCheck.subject(fields.dn), reason: fault)
        rejected.others = Array(anchors.dropFirst())
        rejected.hasCertainName = isNamed
        if !anchors.isEmpty {
            batchBytes += builder.byteCount
            rejected.readable = builder.finish()
        }
        batch.rejected.append(rejected)
    }

    /// The most values of an anchor attribute by which an entry is still recognised.
    private static let mostAnchors = 16
}
