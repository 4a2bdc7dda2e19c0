import RollcallCore

/// One pass over a file, chunk by chunk, from its first byte to the proof that it did not change.
final class FileScan {
    private let place: FilePlace
    private let file: RegularFile
    private var reader: any RecordReader
    private let buffer: UnsafeMutableRawBufferPointer
    private var isAtStart = true

    /// The longest mark that a file may begin with.
    private static let markLength = 3

    /// Opens the file; its records go to `sink`.
    init(
        _ settings: FileSourceSettings, _ attributes: WantedAttributes, _ request: ReadRequest, _ limits: FileLimits, _ sink: any RecordSink
    ) throws(SourceError) {
        place = FilePlace(path: settings.path)
        file = try RegularFile(path: settings.path)
        switch settings.format {
        case .ldif: reader = LDIFReader(place, attributes, limits, sink)
        case .csv: reader = CSVReader(place, attributes, request.users.names.first, limits, sink)
        }
        buffer = .allocate(byteCount: max(limits.chunk, Self.markLength), alignment: 16)
    }

    deinit {
        buffer.deallocate()
    }

    /// Reads one chunk; `false` at the end, when the last record was whole and the file unchanged.
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
            return false
        }
        try reader.scan(UnsafeBufferPointer(rebasing: buffer.bindMemory(to: UInt8.self)[start..<count]))
        return true
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
