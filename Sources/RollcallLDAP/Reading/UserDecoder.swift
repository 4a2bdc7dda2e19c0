import RollcallCore
import RollcallReading

/// Makes user entries out of SearchResultEntry messages.
struct UserDecoder: EntrySink {
    private(set) var batch = EntryBatch()
    private var batchBytes = 0
    private var matcher: SlotMatcher
    private var builder: EntryBuilder
    private var nameCheck = EntryNameCheck()
    private var anchor: [UInt8] = []

    init(_ layout: AttributeLayout) {
        matcher = SlotMatcher(layout.names)
        builder = EntryBuilder(layout: layout)
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
        var anchors = 0
        matcher.begin()
        builder.begin(dn: fields.dn)
        while try fields.advance() {
            switch matcher.match(fields.name) {
            case .none: break
            case .partial: fault = "the server gives only a range of an attribute's values"
            case .slot(let slot):
                if fields.isCut { fault = "larger than \(EntryLimits.user) bytes" }
                for index in 0..<fields.valueCount {
                    let value = fields.value(index)
                    if slot == AttributeLayout.anchorSlot, !value.isEmpty {
                        anchors += 1
                        anchor.removeAll(keepingCapacity: true)
                        anchor.append(contentsOf: value.prefix(1024))
                    }
                    guard builder.byteCount + value.count <= EntryLimits.user else {
                        fault = "larger than \(EntryLimits.user) bytes"
                        break
                    }
                    builder.append(value, inSlot: slot)
                }
            }
        }
        if anchors == 0 { fault = "it has no value for the anchor attribute" }
        if anchors > 1 { fault = "it has \(anchors) values for the anchor attribute" }
        if !nameCheck.accepts(fields.dn) { fault = "its name is not a distinguished name" }
        if let fault {
            batch.rejected.append(
                RejectedEntry(
                    anchor: anchors == 1 ? Anchor(anchor) : nil, subject: EntryNameCheck.subject(fields.dn), reason: fault))
        } else {
            batchBytes += builder.byteCount
            batch.users.append(builder.finish())
        }
    }
}
