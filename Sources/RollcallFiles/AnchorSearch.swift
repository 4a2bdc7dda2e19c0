import RollcallCore

/// Looks for some anchors among the records of a file.
///
/// | the file has | the answer is |
/// | --- | --- |
/// | a record with the anchor, which the filter of what is sought selects | in scope |
/// | a record with the anchor, of which the filter cannot be told because a value was left out | unknown |
/// | a record with the anchor otherwise | left scope |
/// | none, but such records whose anchor could not be read | unknown: it may be one of them |
/// | none | gone |
final class AnchorSearch: RecordSink {
    private let anchorName: String
    private let anchorNumber: Int
    private let classifier: RecordClassifier
    private let sought: RecordClassifier.Kind
    private var found: [ArraySlice<UInt8>: Presence?]
    private var unreadable = 0

    init(
        _ anchors: [Anchor], _ settings: FileSourceSettings, _ request: ReadRequest, _ attributes: WantedAttributes,
        scope: ReplayScope? = nil
    ) {
        let isGroup = request.sought == .group
        let name = isGroup ? request.groupAnchor : request.users.names.first
        anchorName = name.map(\.description) ?? "anchor"
        anchorNumber = isGroup ? attributes.groupAnchor : attributes.userAnchor
        sought = isGroup ? .group : .user
        classifier = RecordClassifier(users: settings.users, groups: isGroup ? settings.groups : nil, attributes, scope: scope)
        found = Dictionary(anchors.map { ($0.bytes[...], nil) }, uniquingKeysWith: { first, _ in first })
    }

    func take(_ record: Record) {
        let values = record.values(of: anchorNumber).filter { !$0.isEmpty }
        if values.isEmpty {
            if record.lacksValues || classifier.kind(of: record) == sought { unreadable += 1 }
            return
        }
        for value in values {
            guard let former = found[value], former != .inScope else { continue }
            found[value] = presence(of: record)
        }
    }

    private func presence(of record: Record) -> Presence {
        switch classifier.kind(of: record) {
        case sought: .inScope
        case .perhapsUser, .perhapsGroup: .unknown("the entry is too large to be judged")
        case .user, .group, .other: .leftScope(dn: Text(lossy: record.dn))
        }
    }

    /// The answer for an anchor, once all records were taken.
    func presence(of anchor: Anchor) -> Presence {
        if let presence = found[anchor.bytes[...]] ?? nil { return presence }
        if unreadable == 0 { return .gone }
        return .unknown(
            "it is not in the file, which has \(sought == .group ? "groups" : "users") without a readable \(anchorName) (\(unreadable))")
    }
}
