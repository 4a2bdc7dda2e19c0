import RollcallCore

/// Looks for some anchors among the records of a file.
///
/// | the file has | the answer is |
/// | --- | --- |
/// | a record with the anchor, which the users filter selects | in scope |
/// | a record with the anchor otherwise | left scope |
/// | none, but users whose anchor could not be read | unknown: it may be one of them |
/// | none | gone |
final class AnchorSearch: RecordSink {
    private let anchorName: String
    private let attributes: WantedAttributes
    private let classifier: RecordClassifier
    private var found: [ArraySlice<UInt8>: Presence?]
    private var unreadable = 0

    init(
        _ anchors: [Anchor], _ settings: FileSourceSettings, _ request: ReadRequest, _ attributes: WantedAttributes,
        scope: ReplayScope? = nil
    ) {
        anchorName = request.users.names.first.map(\.description) ?? "anchor"
        self.attributes = attributes
        classifier = RecordClassifier(users: settings.users, groups: nil, attributes, scope: scope)
        found = Dictionary(anchors.map { ($0.bytes[...], nil) }, uniquingKeysWith: { first, _ in first })
    }

    func take(_ record: Record) {
        let values = record.values(of: attributes.userAnchor).filter { !$0.isEmpty }
        if values.isEmpty {
            if record.lacksValues || classifier.kind(of: record) == .user { unreadable += 1 }
            return
        }
        for value in values {
            guard let former = found[value], former != .inScope else { continue }
            found[value] = presence(of: record)
        }
    }

    private func presence(of record: Record) -> Presence {
        if classifier.kind(of: record) == .user { return .inScope }
        if record.lacksValues { return .unknown("the entry is too large to be judged") }
        return .leftScope(dn: Text(lossy: record.dn))
    }

    /// The answer for an anchor, once all records were taken.
    func presence(of anchor: Anchor) -> Presence {
        if let presence = found[anchor.bytes[...]] ?? nil { return presence }
        if unreadable == 0 { return .gone }
        return .unknown("it is not in the file, which has users without a readable \(anchorName) (\(unreadable))")
    }
}
