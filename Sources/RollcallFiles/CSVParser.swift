import RollcallCore

/// Makes records of the rows of a CSV file.
struct CSVParser: CellHandler {
    private let place: FilePlace
    private let wanted: any AttributeUses
    private let anchor: AttributeName?
    private let sink: any RecordSink
    private var record: Record
    private var columns: [AttributeUse] = []
    private var names: Set<AttributeName> = []
    /// Whether the first row was read whole.
    private(set) var hasHeader = false
    /// Cells of the row so far.
    private var cellCount = 0

    init(_ place: FilePlace, _ wanted: any AttributeUses, _ anchor: AttributeName?, _ limits: FileLimits, _ sink: any RecordSink) {
        self.place = place
        self.wanted = wanted
        self.anchor = anchor
        self.sink = sink
        record = Record(limits)
    }

    mutating func handleCell(_ bytes: UnsafeBufferPointer<UInt8>, line: Int, isCut: Bool) throws(SourceError) {
        guard hasHeader else { return try addColumn(bytes, line) }
        guard cellCount < columns.count else {
            throw place.malformed(
                line, "the row has more cells than the header's \(columns.count)", advice: "put quotes around values that hold a separator")
        }
        if cellCount == 0 { record.begin(line: line) }
        let use = columns[cellCount]
        cellCount += 1
        if bytes.isEmpty { return }
        if use.keyword == .dn {
            guard !isCut else { throw place.malformed(line, "the dn of this row is too long") }
            record.name(bytes)
        } else if isCut {
            record.omitValue(of: use)
        } else {
            record.append(bytes, as: use)
        }
    }

    mutating func handleRowEnd(line: Int) throws(SourceError) {
        guard hasHeader else { return try endHeader(line) }
        guard cellCount == columns.count else {
            throw place.malformed(
                line, "the row has \(cellCount) of the header's \(columns.count) cells",
                advice: "if the file was cut short, write the export again")
        }
        cellCount = 0
        sink.take(record)
    }

    private mutating func addColumn(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Int) throws(SourceError) {
        let number = columns.count + 1
        guard !bytes.isEmpty else {
            throw place.malformed(line, "column \(number) has no name", advice: "name the attribute of each column in the header")
        }
        guard let name = AttributeName(bytes: bytes) else {
            throw place.malformed(
                line, "column \(number), \"\(FilePlace.excerpt(bytes))\", is not an attribute name",
                advice: "name the attribute of each column in the header")
        }
        let use = wanted.use(of: name)
        let isNew = names.insert(name).inserted
        guard isNew || use.keyword != .dn else { throw place.malformed(line, "the header has more than one column dn") }
        columns.append(use)
    }

    private mutating func endHeader(_ line: Int) throws(SourceError) {
        if let anchor, !names.contains(anchor) {
            throw place.malformed(
                line, "no column is named \(anchor), the attribute of the anchor", advice: "name an existing column in attributes.anchor")
        }
        hasHeader = true
    }
}
