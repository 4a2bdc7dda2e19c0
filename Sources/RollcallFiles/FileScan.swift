import RollcallCore

/// One pass over a file, chunk by chunk, from its first byte to the proof that it did not change.
final class FileScan {
    private let place: FilePlace
    private let file: RegularFile
    private var reader: any RecordReader
    private let buffer: UnsafeMutableRawBufferPointer
    private var isAtStart = true
    private var lastByte: UInt8?

    /// The longest mark that a file may begin with.
    private static let markLength = 3

    /// Opens the file; its records go to `sink`.
    convenience init(
        _ settings: FileSourceSettings, _ attributes: any AttributeUses, _ request: ReadRequest, _ limits: FileLimits,
        _ sink: any RecordSink
    ) throws(SourceError) {
        let place = FilePlace(path: settings.path)
        switch settings.format {
        case .ldif: try self.init(place, LDIFReader(place, attributes, limits, sink), limits)
        case .csv: try self.init(place, CSVReader(place, attributes, request.users.names.first, limits, sink), limits)
        }
    }

    /// Opens the file; `reader` takes its bytes.
    init(_ place: FilePlace, _ reader: any RecordReader, _ limits: FileLimits) throws(SourceError) {
        self.place = place
        self.reader = reader
        file = try RegularFile(path: place.path)
        buffer = .allocate(byteCount: max(limits.chunk, Self.markLength), alignment: 16)
    }

    /// When the file was last written.
    var written: Instant { file.written }

    deinit {
        buffer.deallocate()
    }

    /// Reads one chunk; `false` at the end, when the last record was whole, its last line ended and the file unchanged.
    func advance() throws(SourceError) -> Bool {
        var count = try file.read(into: buffer)
        var start = 0
        if isAtStart {
            isAtStart = false
            while count > 0, count < Self.markLength {
                let more = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
                if more == 0 { break }
                count += more
            }
            start = try markLength(in: buffer[..<count])
        }
        guard count > 0 else {
            try reader.finish()
            try file.proveUnchanged()
            if reader.needsLineEnd { try proveEnded() }
            return false
        }
        let chunk = UnsafeBufferPointer(rebasing: buffer.bindMemory(to: UInt8.self)[start..<count])
        if let last = chunk.last { lastByte = last }
        try reader.scan(chunk)
        return true
    }

    /// Proves that the last line has its end. Without it a value may have been cut, and what is left of it still be one.
    private func proveEnded() throws(SourceError) {
        guard let lastByte, lastByte != UInt8(ascii: "\n"), lastByte != UInt8(ascii: "\r") else { return }
        throw place.malformed(
            reader.lineNumber, "the last line has no line end, so the file may be cut short",
            advice: "write the export again; if it is whole, end it with an empty line")
    }

    /// The length of the UTF-8 byte order mark at the start of the file.
    private func markLength(in head: Slice<UnsafeMutableRawBufferPointer>) throws(SourceError) -> Int {
        if head.starts(with: [0xEF, 0xBB, 0xBF]) { return 3 }
        if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
            throw place.malformed(1, "the file is UTF-16", advice: "export it as UTF-8")
        }
        return 0
    }
}
