import Glibc
import RollcallCore

/// Makes records of the logical lines of an LDIF file.
struct LDIFParser: LineHandler {
    private let place: FilePlace
    private let sink: any RecordSink
    private var table: AttributeTable
    private var record: Record
    private var decoder = Base64Decoder()
    private var mayHaveVersion = true
    private var isInRecord = false
    /// Lines of the record after its name.
    private var lineCount = 0

    init(_ place: FilePlace, _ wanted: any AttributeUses, _ limits: FileLimits, _ sink: any RecordSink) {
        self.place = place
        self.sink = sink
        table = AttributeTable(wanted)
        record = Record(limits)
    }

    mutating func handle(_ line: Line) throws(SourceError) {
        guard let base = line.bytes.baseAddress, !line.bytes.isEmpty else {
            if isInRecord { endRecord() }
            return
        }
        if base[0] == UInt8(ascii: "#") { return }
        guard let found = memchr(base, 0x3A, line.bytes.count) else { throw lacksColon(line) }
        let colon = UnsafeRawPointer(found) - UnsafeRawPointer(base)
        guard let use = table.use(of: UnsafeBufferPointer(rebasing: line.bytes[..<colon])) else {
            throw place.malformed(line.number, "what stands before the colon is not an attribute name")
        }
        if !isInRecord || use.keyword != nil {
            try handleKeyword(use, line, colon)
        } else {
            try handleValue(use, line, colon)
        }
    }

    /// Takes the end of the file.
    mutating func finish() throws(SourceError) {
        guard isInRecord else { return }
        guard lineCount > 0 else {
            throw place.malformed(
                record.line, "the file ends right after the name of a record", advice: Self.cutAdvice)
        }
        endRecord()
    }

    private mutating func endRecord() {
        isInRecord = false
        sink.take(record)
    }

    // MARK: Lines

    /// Takes a line that begins a record, or whose name has a meaning of its own.
    private mutating func handleKeyword(_ use: AttributeUse, _ line: Line, _ colon: Int) throws(SourceError) {
        switch use.keyword {
        case .dn where !isInRecord:
            try beginRecord(line, colon)
        case .dn:
            throw place.malformed(
                line.number, "a second dn in one record, which began on line \(record.line)", advice: "put an empty line before it")
        case .version where !isInRecord:
            try checkVersion(line, colon)
        case .changeType:
            throw changeRecord(line)
        case .version, .control, nil:
            if use.keyword == .control, isInRecord, lineCount == 0 { throw changeRecord(line) }
            guard isInRecord else {
                throw place.malformed(line.number, "a record begins without a dn", advice: "export with ldapsearch -LLL or slapcat")
            }
            try handleValue(use, line, colon)
        }
    }

    private mutating func beginRecord(_ line: Line, _ colon: Int) throws(SourceError) {
        guard !line.isCut else { throw place.malformed(line.number, "the name of the record is too long") }
        switch try value(of: line, colon) {
        case .plain(let bytes): record.begin(line: line.number, dn: bytes)
        case .decoded(let count): record.begin(line: line.number, dn: decoder.output[..<count])
        }
        mayHaveVersion = false
        isInRecord = true
        lineCount = 0
    }

    private mutating func checkVersion(_ line: Line, _ colon: Int) throws(SourceError) {
        guard mayHaveVersion else {
            throw place.malformed(
                line.number, "a version that is not on the first line", advice: "keep one version line where files were put together")
        }
        mayHaveVersion = false
        guard case .plain(let bytes) = try value(of: line, colon), bytes.elementsEqual("1".utf8) else {
            throw place.malformed(line.number, "this is not version 1 of LDIF", advice: "export in the format of RFC 2849")
        }
    }

    private mutating func handleValue(_ use: AttributeUse, _ line: Line, _ colon: Int) throws(SourceError) {
        lineCount += 1
        if line.isCut {
            guard line.isEnded else {
                throw place.malformed(line.number, "the file ends inside a very long value", advice: Self.cutAdvice)
            }
            record.omitValue(of: use)
            return
        }
        let value = try value(of: line, colon)
        guard use.isWanted else { return }
        switch value {
        case .plain(let bytes): record.append(bytes, as: use)
        case .decoded(let count): record.append(decoder.output[..<count], as: use)
        }
    }

    // MARK: Values

    private enum Value {
        /// Bytes of the line.
        case plain(UnsafeBufferPointer<UInt8>)
        /// So many bytes of the decoder's output.
        case decoded(Int)
    }

    private mutating func value(of line: Line, _ colon: Int) throws(SourceError) -> Value {
        let bytes = line.bytes
        var start = colon + 1
        var isEncoded = false
        if start < bytes.count {
            if bytes[start] == UInt8(ascii: ":") {
                isEncoded = true
                start += 1
            } else if bytes[start] == UInt8(ascii: "<") {
                throw place.malformed(line.number, "the value is a URL (:<), which is not followed", advice: "export the value itself")
            }
        }
        while start < bytes.count, bytes[start] == UInt8(ascii: " ") { start += 1 }
        let text = UnsafeBufferPointer(rebasing: bytes[start...])
        guard isEncoded else { return .plain(text) }
        guard let count = decoder.decode(text) else {
            throw place.malformed(
                line.number, "the value of \(FilePlace.excerpt(bytes[..<colon])) is not base64",
                advice: line.isEnded ? "continuation lines begin with a space" : Self.cutAdvice)
        }
        return .decoded(count)
    }

    private static let cutAdvice = "it was cut short; write the export again"

    private func changeRecord(_ line: Line) -> SourceError {
        place.malformed(line.number, "this is a change record", advice: "export content records, as ldapsearch -LLL and slapcat write them")
    }

    private func lacksColon(_ line: Line) -> SourceError {
        guard line.isEnded else {
            return place.malformed(
                line.number, "the file ends inside an attribute name", advice: Self.cutAdvice)
        }
        return place.malformed(line.number, "a line without a colon", advice: "continuation lines begin with a space")
    }
}
