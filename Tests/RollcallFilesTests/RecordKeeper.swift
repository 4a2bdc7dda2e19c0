import RollcallCore

@testable import RollcallFiles

/// One record as a test writes it down.
struct KeptRecord: Hashable, CustomStringConvertible {
    var dn: String
    var attributes: [String: [String]]

    var description: String { "\(dn) \(attributes.sorted { $0.key < $1.key })" }
}

/// Keeps every record whole, so that a test can look at what a reader made of its input.
final class RecordKeeper: RecordSink {
    let attributes: WantedAttributes
    private let names: [AttributeName]
    private(set) var records: [KeptRecord] = []
    private(set) var lines: [Int] = []

    init(_ names: [String]) {
        let layout = AttributeLayout(anchor: .named(names.first ?? "cn"), others: names.dropFirst().map(AttributeName.named))
        self.names = layout.names
        attributes = WantedAttributes(
            ReadRequest(users: layout, groupAnchor: .named("cn"), groupName: .named("cn"), groupMembers: [], readsGroups: false),
            users: .and([]), groups: nil)
    }

    func take(_ record: Record) {
        var kept = KeptRecord(dn: String(decoding: record.dn, as: UTF8.self), attributes: [:])
        for (number, name) in names.enumerated() {
            let values = record.values(of: number).map { String(decoding: $0, as: UTF8.self) }
            if !values.isEmpty { kept.attributes[name.description] = values }
        }
        records.append(kept)
        lines.append(record.line)
    }

    /// Reads bytes that come in pieces of the given sizes, over and over.
    static func read(
        _ bytes: [UInt8], _ format: FileSourceSettings.Format, names: [String], pieces: [Int] = [Int.max], limits: FileLimits = FileLimits()
    ) throws(SourceError) -> [KeptRecord] {
        let keeper = RecordKeeper(names)
        let place = FilePlace(path: "people.\(format.rawValue)")
        var reader: any RecordReader =
            switch format {
            case .ldif: LDIFReader(place, keeper.attributes, limits, keeper)
            case .csv: CSVReader(place, keeper.attributes, nil, limits, keeper)
            }
        var start = 0
        var turn = 0
        while start < bytes.count {
            let size = min(max(pieces[turn % pieces.count], 1), bytes.count - start)
            // A copy of its own, so that a sanitizer sees a read beyond the piece.
            let piece = Array(bytes[start..<(start + size)])
            try piece.withUnsafeBufferPointer { (buffer) throws(SourceError) in try reader.scan(buffer) }
            start += size
            turn += 1
        }
        try reader.finish()
        return keeper.records
    }
}

extension AttributeName {
    /// A name that a test knows to be right.
    static func named(_ text: String) -> AttributeName { AttributeName(text)! }
}
