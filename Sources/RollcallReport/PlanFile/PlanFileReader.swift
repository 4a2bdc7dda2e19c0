internal import RollcallCore

/// Reads a plan file as its bytes arrive, and proves that it is whole and as it was written.
///
/// Changes are shown one by one, before the end has proved them: whoever takes them must throw them away when ``read(_:)`` or
/// ``finish()`` throws. A line may have up to 16 MiB.
public struct PlanFileReader {
    private static let longestLine = 16 << 20

    private let show: ((PlanFileChange) -> Void)?
    /// The beginning of a line whose end has not come yet.
    private var line: [UInt8] = []
    private var lineNumber = 1
    private var sum = DigestBuilder()
    private var header: Header?
    /// The digest of the file, once its last line has proved it.
    private var whole: Digest?
    private var isClosed: Bool { whole != nil }
    private var count = 0

    /// A reader that counts the changes and does not look into them; the proof is the same.
    public init() {
        show = nil
    }

    /// A reader that shows each change to `body` in the order of the file.
    public init(_ body: @escaping (PlanFileChange) -> Void) {
        show = body
    }

    /// Takes the next bytes of the file; pieces may be cut anywhere.
    public mutating func read(_ piece: [UInt8]) throws(PlanFileError) {
        try piece.withUnsafeBufferPointer { (bytes) throws(PlanFileError) in try read(UnsafeRawBufferPointer(bytes)) }
    }

    /// Takes the next bytes of the file; pieces may be cut anywhere.
    public mutating func read(_ piece: UnsafeRawBufferPointer) throws(PlanFileError) {
        var rest = piece
        if !line.isEmpty, let end = rest.firstLineEnd {
            try keep(rest[..<end])
            let whole = line
            line.removeAll(keepingCapacity: true)
            try whole.withUnsafeBufferPointer { (bytes) throws(PlanFileError) in _ = try readLines(UnsafeRawBufferPointer(bytes)) }
            rest = UnsafeRawBufferPointer(rebasing: rest[end...])
        }
        let tail = line.isEmpty ? try readLines(rest) : rest
        try keep(tail[...])
    }

    /// Says that there are no more bytes.
    ///
    /// - Returns: the plan's facts, now proved.
    public mutating func finish() throws(PlanFileError) -> PlanFile {
        guard let header else { throw line.starts(with: PlanFileReader.opening) ? PlanFileReader.truncated : PlanFileReader.notAPlan }
        guard let whole else { throw PlanFileReader.truncated }
        return PlanFile(
            runID: header.runID, started: header.started, sourceName: header.sourceName, sourceType: header.sourceType,
            basis: PlanFileBasis(
                configDigest: header.configDigest, storeGeneration: header.storeGeneration, planDigest: header.planDigest,
                origin: header.origin),
            changeCount: count, sum: whole, heldGuards: header.heldGuards)
    }

    /// Keeps the beginning of a line until the rest of it comes.
    private mutating func keep(_ bytes: Slice<UnsafeRawBufferPointer>) throws(PlanFileError) {
        if bytes.isEmpty { return }
        if isClosed { throw PlanFileReader.changed }
        try checkLength(line.count + bytes.count)
        line.append(contentsOf: bytes)
    }

    /// Takes all lines that end within `bytes`, which begin with a line, and gives back what is left. What is summed is summed in one piece.
    private mutating func readLines(_ bytes: UnsafeRawBufferPointer) throws(PlanFileError) -> UnsafeRawBufferPointer {
        var rest = bytes
        while let end = rest.firstLineEnd {
            if isClosed { throw PlanFileReader.changed }
            try checkLength(end)
            let line = UnsafeRawBufferPointer(rebasing: rest[..<(end - 1)])
            if header == nil {
                header = try Header(Array(line))
            } else if line.starts(with: PlanFile.trailerOpening) {
                sum.add(UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - rest.count)]))
                try close(Array(line))
            } else {
                try readChange(line)
            }
            lineNumber += 1
            rest = UnsafeRawBufferPointer(rebasing: rest[end...])
        }
        if !isClosed { sum.add(UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - rest.count)])) }
        return rest
    }

    private mutating func readChange(_ line: UnsafeRawBufferPointer) throws(PlanFileError) {
        count += 1
        guard let show else { return }
        guard let change = PlanFileChange(Array(line)) else { throw PlanFileReader.changed(line: lineNumber) }
        show(change)
    }

    /// Takes the trailer, which must be the very bytes that belong to what came before it.
    private mutating func close(_ line: [UInt8]) throws(PlanFileError) {
        let digest = sum.digest()
        guard let header, line == PlanFile.trailer(changes: count, planDigest: header.planDigest, sum: digest) else {
            throw PlanFileReader.changed
        }
        whole = digest
    }

    private func checkLength(_ length: Int) throws(PlanFileError) {
        guard length <= PlanFileReader.longestLine else {
            throw PlanFileError(.tooLarge, "line \(lineNumber) is longer than any line of a plan file")
        }
    }

    private static let opening = Array("{\"schema\": \"\(PlanFile.schemaFamily)".utf8)
    private static let notAPlan = PlanFileError(.notAPlan, "this is not a plan file")
    private static let truncated = PlanFileError(.truncated, "the plan file is cut short: its last line is missing")
    private static let changed = PlanFileError(.changed, "the plan file was changed after it was written")

    private static func changed(line: Int) -> PlanFileError {
        PlanFileError(.changed, "the plan file was changed after it was written (line \(line))")
    }
}

extension PlanFileReader {
    private struct Header {
        let runID: RunID
        let started: Instant
        let sourceName: String
        let sourceType: String
        let configDigest: Digest
        let planDigest: Digest
        let storeGeneration: Int64
        let origin: PlanOrigin?
        let heldGuards: Set<GuardName>

        init(_ line: [UInt8]) throws(PlanFileError) {
            guard let value = try? JSONParser.value(of: line), let schema = value["schema"]?.string,
                schema.hasPrefix(PlanFile.schemaFamily)
            else { throw PlanFileReader.notAPlan }
            guard schema == PlanFile.schema else {
                let shown = DisplayText(schema, limit: 60).text
                throw PlanFileError(.otherVersion, "the plan file is of another version (\(shown), not \(PlanFile.schema))")
            }
            let run = value["run"]
            let source = value["source"]
            guard let runID = run?["id"]?.string.flatMap({ RunID($0) }),
                let started = run?["started"]?.string.flatMap({ Instant(rfc3339: $0) }),
                let sourceName = source?["name"]?.string, let sourceType = source?["type"]?.string,
                let configDigest = value["config_digest"]?.string.flatMap({ Digest(hexadecimal: $0) }),
                let planDigest = value["plan_digest"]?.string.flatMap({ Digest(hexadecimal: $0) }),
                let storeGeneration = value["store_generation"]?.integer, let guards = value["guards"]?.elements
            else { throw PlanFileReader.changed(line: 1) }
            self.runID = runID
            self.started = started
            self.sourceName = sourceName
            self.sourceType = sourceType
            self.configDigest = configDigest
            self.planDigest = planDigest
            self.storeGeneration = storeGeneration
            heldGuards = Set(
                guards.filter { $0["verdict"]?.string == GuardResult.Verdict.held.rawValue }
                    .compactMap { $0["guard"]?.string.flatMap { GuardName(rawValue: $0) } })
            origin = try Header.origin(value)
        }

        /// Of which store the plan was made; `nil` when the file says nothing of it.
        private static func origin(_ value: JSONValue) throws(PlanFileError) -> PlanOrigin? {
            guard let store = value["store"] else { return nil }
            guard let run = value["store_run"]?.integer, run >= 0 else { throw PlanFileReader.changed(line: 1) }
            if store == .null { return PlanOrigin(store: nil, run: run) }
            guard let identity = store.string.flatMap({ StoreIdentity(hexadecimal: $0) }) else { throw PlanFileReader.changed(line: 1) }
            return PlanOrigin(store: identity, run: run)
        }
    }
}

extension PlanFileChange {
    /// A change from its line; `nil` when something is missing or unknown.
    fileprivate init?(_ line: [UInt8]) {
        guard let value = try? JSONParser.value(of: line), let anchor = value["anchor"]?.string, let username = value["user"]?.string,
            let action = value["action"]?.string.flatMap({ Action(rawValue: $0) }),
            let digest = value["digest"]?.string.flatMap({ Digest(hexadecimal: $0) }),
            let held = value["held_by"]
        else { return nil }
        if held == .null {
            heldBy = nil
        } else {
            guard let guardName = held.string.flatMap({ GuardName(rawValue: $0) }) else { return nil }
            heldBy = guardName
        }
        self.anchor = anchor
        self.username = username
        self.action = action
        self.group = value["group"]?.string
        self.digest = digest
    }
}

extension UnsafeRawBufferPointer {
    /// The number of bytes up to the first LF, and with it; `nil` when there is none. It looks at eight bytes at once.
    fileprivate var firstLineEnd: Int? {
        var index = 0
        while index + 8 <= count {
            let word = UInt64(littleEndian: loadUnaligned(fromByteOffset: index, as: UInt64.self)) ^ 0x0A0A_0A0A_0A0A_0A0A
            // The lowest bit that is set belongs to the first byte that is 0, which was an LF.
            let zeros = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
            if zeros != 0 { return index + zeros.trailingZeroBitCount / 8 + 1 }
            index += 8
        }
        while index < count {
            if self[index] == UInt8(ascii: "\n") { return index + 1 }
            index += 1
        }
        return nil
    }
}
