import RollcallCore

/// Makes raw entries of all records, whatever they are.
final class RawMaker: BatchSink {
    private let path: String
    private let names: NameRegister
    private var builder = RawEntryBuilder()
    private var batch = EntryBatch()
    private var count = 0

    init(_ settings: FileSourceSettings, _ names: NameRegister) {
        path = settings.path
        self.names = names
    }

    func take(_ record: Record) {
        builder.begin(.record, dn: record.dn, line: record.line)
        var current = -1
        record.forEachValue { number, value in
            if number != current {
                current = number
                builder.attribute(names.description(of: number))
            }
            builder.value(value)
            return true
        }
        for number in record.cutNumbers {
            builder.attribute(names.description(of: number))
            builder.cut()
        }
        batch.raw.append(builder.finish())
    }

    func takeBatch() -> EntryBatch {
        count += batch.count
        defer { batch = EntryBatch() }
        return batch
    }

    /// Which of the records are users is for a later config to say: all are counted as users.
    var proof: ReadProof {
        ReadProof(server: path, users: count, groups: 0, rejected: 0, pages: 1, result: 0)
    }
}
