public import RollcallCore

/// Reads the records of a file again from a snapshot, by the code that reads the file itself.
public struct FileReplay: RawReplay {
    public init() {}

    public func decoder(_ request: ReadRequest, _ scope: ReplayScope, server: String) -> any RawDecoder {
        let settings = FileReplay.settings(scope, server)
        let attributes = WantedAttributes(request, users: settings.users, groups: settings.groups)
        return RawRecords(attributes, BatchMaker(settings, request, attributes, FileLimits(), scope: scope))
    }

    public func search(_ anchors: [Anchor], _ request: ReadRequest, _ scope: ReplayScope, server: String) -> any RawSearch {
        let settings = FileReplay.settings(scope, server)
        var request = request
        request.readsGroups = request.sought == .group
        let attributes = WantedAttributes(request, users: settings.users, groups: request.sought == .group ? settings.groups : nil)
        return RawRecords(attributes, AnchorSearch(anchors, settings, request, attributes, scope: scope))
    }

    /// The format decides how text becomes records, which it has become.
    private static func settings(_ scope: ReplayScope, _ path: String) -> FileSourceSettings {
        FileSourceSettings(path: path, format: .ldif, users: scope.users.filter, groups: scope.groups?.filter)
    }
}

/// Makes records of raw entries and hands them to what a reading hands them to.
private final class RawRecords<Sink: RecordSink> {
    private var table: AttributeTable
    private var record = Record(FileLimits())
    let sink: Sink

    init(_ attributes: WantedAttributes, _ sink: Sink) {
        table = AttributeTable(attributes)
        self.sink = sink
    }

    func take(_ entry: RawEntry) -> Bool {
        let isWhole = entry.withCursor { cursor in
            record.begin(line: cursor.line, dn: cursor.dn)
            var use = AttributeUse()
            while let item = cursor.next() {
                switch item {
                case .attribute(let description): use = table.use(of: description) ?? AttributeUse()
                case .value(let value): if use.isWanted { record.append(value, as: use) }
                case .cut: record.omitValue(of: use)
                }
            }
            return !cursor.isDamaged
        }
        guard isWhole == true else { return false }
        sink.take(record)
        return true
    }
}

extension RawRecords: RawDecoder where Sink: BatchSink {
    func takeBatch() -> EntryBatch { sink.takeBatch() }
}

extension RawRecords: RawSearch where Sink == AnchorSearch {
    func presence(of anchor: Anchor) -> Presence? {
        let presence: Presence = sink.presence(of: anchor)
        return presence
    }
}
