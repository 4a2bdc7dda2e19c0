public import RollcallCore

/// A snapshot as a source: what its directory said then, by the config of now.
public struct SnapshotDirectory: DirectorySource {
    private let content: SnapshotContent

    /// - Parameters:
    ///   - settings: what the config of now says of the source: which entries are users and groups.
    ///   - replay: what reads the entries of that type of source.
    public init(_ file: SnapshotFile, _ settings: SourceSettings, _ replay: any RawReplay) {
        content = SnapshotContent(
            path: file.path, facts: file.facts, isDraft: false, scope: ReplayScope(file.facts.header, settings), replay: replay)
    }

    public func read(_ request: ReadRequest) async throws(SourceError) -> any DirectoryReading {
        try SnapshotReading(content, request)
    }

    /// An entry that was kept is judged by base and filter of now. For the others what was found out at the time counts; whoever was
    /// not looked up then is unknown.
    public func lookUp(_ anchors: [Anchor], _ request: ReadRequest) async throws(SourceError) -> [Presence] {
        if anchors.isEmpty { return [] }
        let search = content.replay.search(anchors, request, content.scope, server: content.facts.proof.server)
        let asked = Set(anchors)
        var kept: [Anchor: Presence] = [:]
        try content.scan { frame in
            switch frame {
            case .entry(let entry): return search.take(entry)
            case .lookUp(let anchor, let presence): if asked.contains(anchor) { kept[anchor] = presence }
            case .header, .proof, .trailer: break
            }
            return true
        }
        let hasSameAnchor = (request.sought == .group ? request.groupAnchor : request.users.names.first) == content.facts.header.anchor
        return anchors.map { anchor in
            if let presence = search.presence(of: anchor) { return presence }
            guard hasSameAnchor, let presence = kept[anchor] else {
                return .unknown("the snapshot does not have it, and it was not looked up when the snapshot was taken")
            }
            return content.scope.now(presence, request.sought)
        }
    }
}

extension ReplayScope {
    /// What an answer of the time means by the base and scope of now.
    fileprivate func now(_ presence: Presence, _ sought: EntryKind) -> Presence {
        let isSame = sought == .group ? hasSameGroups : hasSameUsers
        if isSame { return presence }
        if case .notBelowBase(let searched) = presence {
            return .unknown("it was \(searched.sentence); the snapshot cannot tell whether it is below the base of now")
        }
        guard case .leftScope(let dn) = presence, let search = sought == .group ? groups : users else { return presence }
        guard let name = try? DistinguishedName(parsing: dn.string), search.covers(name) else { return presence }
        return .unknown("it was outside of what was read, at \(dn); the snapshot cannot tell whether it is inside now")
    }
}

/// The file of a snapshot and how its entries are read.
struct SnapshotContent: Sendable {
    let path: String
    let facts: SnapshotFacts
    /// Whether the file is still being written, and ends after the proof.
    let isDraft: Bool
    let scope: ReplayScope
    let replay: any RawReplay

    /// Shows every frame to `body`, which says whether it can be used.
    func scan(_ body: (SnapshotFrame) -> Bool) throws(SourceError) {
        let scan = try SnapshotScan(self)
        while try scan.advance(body) {}
    }
}

/// One pass over a snapshot, chunk by chunk, to the proof that it is the one that was opened.
final class SnapshotScan {
    private let content: SnapshotContent
    private let input: SnapshotInput
    private var scanner = SnapshotScanner()

    init(_ content: SnapshotContent) throws(SourceError) {
        self.content = content
        do throws(SnapshotError) {
            input = try SnapshotInput(content.path)
        } catch {
            throw SourceError(.malformed, subject: content.path, message: "\(error)")
        }
    }

    /// Reads one chunk; `false` at the end.
    func advance(_ body: (SnapshotFrame) -> Bool) throws(SourceError) -> Bool {
        guard !Task.isCancelled else { throw SourceError(.cancelled, subject: content.path, message: "the reading was cancelled") }
        do throws(SnapshotError) {
            let isMore = try input.read { (piece) throws(SnapshotError) in
                try scanner.read(piece) { (frame) throws(SnapshotError) in
                    guard body(frame) else { throw .changed }
                }
            }
            if isMore { return true }
            let facts = content.isDraft ? scanner.draft : try scanner.finish()
            guard facts?.header == content.facts.header, facts?.proof == content.facts.proof else { throw .changed }
            return false
        } catch {
            throw SourceError(.malformed, subject: content.path, message: "\(error)")
        }
    }
}
