import RollcallCore

/// Reads the content records of an LDIF file (RFC 2849).
///
/// Wider than the grammar where files in the wild are: raw UTF-8, a byte order mark, a tab for folding, bare CR as a line end, and no
/// line end after the last line (which ``FileScan`` refuses: such a file may have been cut). Trailing spaces of a value stay. Narrower
/// where a file may do harm: change records and values by URL are refused.
struct LDIFReader: RecordReader {
    private var scanner: LineScanner
    private var parser: LDIFParser

    init(_ place: FilePlace, _ wanted: any AttributeUses, _ limits: FileLimits, _ sink: any RecordSink) {
        scanner = LineScanner(limit: limits.line)
        parser = LDIFParser(place, wanted, limits, sink)
    }

    mutating func scan(_ chunk: UnsafeBufferPointer<UInt8>) throws(SourceError) {
        try scanner.scan(chunk, into: &parser)
    }

    mutating func finish() throws(SourceError) {
        try scanner.finish(into: &parser)
        try parser.finish()
    }

    var lineNumber: Int { scanner.number }
}
