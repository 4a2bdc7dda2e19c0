import RollcallCore

/// Reads a CSV file (RFC 4180) whose header names attributes.
///
/// The cells are separated by comma, semicolon or tab, as the header shows. A column that the header has twice gives an attribute two
/// values; an empty cell gives none; a column `dn` gives the record its name.
struct CSVReader: RecordReader {
    private let place: FilePlace
    private let limit: Int
    private var header = CSVHeaderLine()
    private var scanner: CSVScanner?
    private var parser: CSVParser

    init(_ place: FilePlace, _ wanted: any AttributeUses, _ anchor: AttributeName?, _ limits: FileLimits, _ sink: any RecordSink) {
        self.place = place
        limit = limits.line
        parser = CSVParser(place, wanted, anchor, limits, sink)
    }

    mutating func scan(_ chunk: UnsafeBufferPointer<UInt8>) throws(SourceError) {
        var rest = chunk
        if scanner == nil {
            let taken = header.take(chunk)
            guard header.bytes.count <= limit else {
                throw place.malformed(1, "the header is longer than \(limit) bytes", advice: "check source.format; is this CSV?")
            }
            if taken == chunk.count { return }
            try beginRows()
            rest = UnsafeBufferPointer(rebasing: chunk[taken...])
        }
        try scanner?.scan(rest, into: &parser)
    }

    mutating func finish() throws(SourceError) {
        if scanner == nil { try beginRows() }
        try scanner?.finish(into: &parser)
        guard parser.hasHeader else {
            throw place.malformed(1, "the file has no header", advice: "the first line names the attribute of each column")
        }
    }

    var lineNumber: Int { scanner?.line ?? 1 }

    /// Starts to cut cells, those of the header first.
    private mutating func beginRows() throws(SourceError) {
        var scanner = CSVScanner(place, separator: header.separator, limit: limit)
        let bytes = header.bytes
        header = CSVHeaderLine()
        try bytes.withUnsafeBufferPointer { (bytes) throws(SourceError) in
            try scanner.scan(bytes, into: &parser)
        }
        self.scanner = scanner
    }
}
