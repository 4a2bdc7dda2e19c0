internal import RollcallCore

/// Reads a plan file as its bytes arrive, and proves that it is whole and as it was written.
///
/// Changes are shown one by one, before the end has proved them: whoever takes them must throw them away when ``read(_:)`` or
/// ``finish()`` throws. A line may have up to 16 MiB.
public struct PlanFileReader {
    private static let longestLine = 16 << 20

    private let show: (PlanFileChange) -> Void
    private var line: [UInt8] = []
    private var lineNumber = 1
    private var sum = DigestBuilder()
    private var header: Header?
    private var isClosed = false
    private var count = 0

    /// A reader that shows each change to `body` in the order of the file.
    public init(_ body: @escaping (PlanFileChange) -> Void) {
        show = body
    }

    /// Takes the next bytes of the file; pieces may be cut anywhere.
    public mutating func read(_ piece: [UInt8]) throws(PlanFileError) {
        var start = 0
        while let end = piece[start...].firstIndex(of: UInt8(ascii: "\n")) {
            try append(piece[start..<end])
            try endLine()
            start = end + 1
        }
        try append(piece[start...])
    }

    /// Says that there are no more bytes.
    ///
    /// - Returns: the plan's facts, now proved.
    public mutating func finish() throws(PlanFileError) -> PlanFile {
        guard let header else { throw line.starts(with: PlanFileReader.opening) ? PlanFileReader.truncated : PlanFileReader.notAPlan }
        guard isClosed else { throw PlanFileReader.truncated }
        return PlanFile(
            runID: header.runID, started: header.started, sourceName: header.sourceName, sourceType: header.sourceType,
            basis: PlanFileBasis(
                configDigest: header.configDigest, storeGeneration: header.storeGeneration, planDigest: header.planDigest),
            changeCount: count)
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>) throws(PlanFileError) {
        if bytes.isEmpty { return }
        if isClosed { throw PlanFileReader.changed }
        guard line.count + bytes.count <= PlanFileReader.longestLine else {
            throw PlanFileError(.tooLarge, "line \(lineNumber) is longer than any line of a plan file")
        }
        line.append(contentsOf: bytes)
    }

    private mutating func endLine() throws(PlanFileError) {
        if isClosed { throw PlanFileReader.changed }
        if header == nil {
            header = try Header(line)
        } else {
            if line.starts(with: PlanFile.trailerOpening) { return try close() }
            guard let change = PlanFileChange(line) else { throw PlanFileReader.changed(line: lineNumber) }
            count += 1
            show(change)
        }
        line.append(UInt8(ascii: "\n"))
        sum.add(line)
        line.removeAll(keepingCapacity: true)
        lineNumber += 1
    }

    /// Takes the trailer, which must be the very bytes that belong to what came before it.
    private mutating func close() throws(PlanFileError) {
        guard let header, line == PlanFile.trailer(changes: count, planDigest: header.planDigest, sum: sum.digest()) else {
            throw PlanFileReader.changed
        }
        isClosed = true
        line.removeAll()
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
                let storeGeneration = value["store_generation"]?.integer
            else { throw PlanFileReader.changed(line: 1) }
            self.runID = runID
            self.started = started
            self.sourceName = sourceName
            self.sourceType = sourceType
            self.configDigest = configDigest
            self.planDigest = planDigest
            self.storeGeneration = storeGeneration
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
