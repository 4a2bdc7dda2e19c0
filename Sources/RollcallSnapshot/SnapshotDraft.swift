import Glibc
public import RollcallCore
import Synchronization

/// A snapshot while it is written: a file beside its place, readable by its owner alone, that is renamed once it is whole.
public final class SnapshotDraft: SnapshotKeeping {
    private let path: String
    private let draftPath: String
    private let descriptor: Int32
    private let header: SnapshotHeader
    private let settings: SourceSettings
    private let replay: any RawReplay
    private var buffer: [UInt8] = []
    private var sum = DigestBuilder()
    private var seen = SeenAttributes()
    private var entries = 0
    private var facts: SnapshotFacts?
    private var recorder: LookUpRecorder?
    private var isOver = false

    private static let bufferSize = 256 << 10

    /// Begins a snapshot that is to stand at `path`.
    ///
    /// - Throws: ``SnapshotError`` when something stands there that is no snapshot, or nothing can be written beside it.
    public init(path: String, _ header: SnapshotHeader, _ settings: SourceSettings, _ replay: any RawReplay) throws(SnapshotError) {
        try SnapshotDraft.checkPlace(path)
        self.path = path
        self.header = header
        self.settings = settings
        self.replay = replay
        draftPath = "\(path).\(getpid()).part"
        descriptor = open(draftPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            isOver = true
            throw .file("cannot be written", errno)
        }
        try write(SnapshotFrame.opening)
        try write(SnapshotFrame.header(header).bytes)
    }

    deinit {
        discard()
    }

    public func keep(_ batch: [RawEntry]) throws {
        for entry in batch {
            seen.add(entry)
            try write(SnapshotFrame.entry(entry).bytes)
        }
        entries += batch.count
    }

    public func prove(_ proof: ReadProof, lookingUpIn live: any DirectorySource) throws -> any DirectorySource {
        let names = seen.names
        try write(SnapshotFrame.proof(proof, seen: names).bytes)
        try flush()
        // What is read back is compared with what was kept: with the share that a file's proof does not say.
        var kept = proof
        kept.groupSearch = proof.groupSearch ?? SearchShare(pages: 0, referralsIgnored: 0)
        // A snapshot is of its own time, and says nothing about the clock of whoever plans from it.
        kept.timeMarks = TimeMarks()
        let facts = SnapshotFacts(header: header, proof: kept, seen: Set(names), lookUps: 0)
        self.facts = facts
        let content = SnapshotContent(
            path: draftPath, facts: facts, isDraft: true, scope: ReplayScope(header, settings), replay: replay)
        let recorder = LookUpRecorder(content, live)
        self.recorder = recorder
        return recorder
    }

    public func commit() throws -> SnapshotFacts {
        guard var facts else { throw SnapshotError(.file, "the snapshot has no proof") }
        let answers = recorder?.answers ?? [:]
        for (anchor, presence) in answers.sorted(by: { $0.key < $1.key }) { try write(SnapshotFrame.lookUp(anchor, presence).bytes) }
        try write(SnapshotFrame.trailer(entries: entries, lookUps: answers.count, sum: sum.digest()).bytes)
        try flush()
        try SnapshotDraft.checkPlace(path)
        guard fsync(descriptor) == 0, rename(draftPath, path) == 0 else { throw SnapshotError.file("cannot be written", errno) }
        isOver = true
        close(descriptor)
        facts.lookUps = answers.count
        return facts
    }

    public func discard() {
        if isOver { return }
        isOver = true
        close(descriptor)
        unlink(draftPath)
    }

    /// Only a snapshot is ever replaced: not a link, not a folder, not somebody's file.
    private static func checkPlace(_ path: String) throws(SnapshotError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw .file("cannot be written", errno)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw SnapshotError(.file, "there is a link, folder or device of this name; name another file")
        }
        let input = try SnapshotInput(path)
        var scanner = SnapshotScanner(showsEntries: false)
        do throws(SnapshotError) {
            _ = try input.read { (piece) throws(SnapshotError) in try scanner.read(piece) }
        } catch  where error.code == .notASnapshot {
            throw SnapshotError(.file, "there is a file of this name that is no snapshot; remove it or name another")
        } catch {}
        if status.st_size < SnapshotFrame.opening.count {
            throw SnapshotError(.file, "there is a file of this name that is no snapshot; remove it or name another")
        }
    }

    private func write(_ bytes: [UInt8]) throws(SnapshotError) {
        sum.add(bytes)
        buffer.append(contentsOf: bytes)
        if buffer.count >= SnapshotDraft.bufferSize { try flush() }
    }

    private func flush() throws(SnapshotError) {
        var done = 0
        while done < buffer.count {
            let count = buffer.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .file("cannot be written", errno) }
            done += count
        }
        buffer.removeAll(keepingCapacity: buffer.count <= 2 * SnapshotDraft.bufferSize)
    }
}

/// Reads the draft again and asks the live source about whoever is missing; what it answers is kept.
final class LookUpRecorder: DirectorySource {
    private let content: SnapshotContent
    private let live: any DirectorySource
    private let found = Mutex<[Anchor: Presence]>([:])

    init(_ content: SnapshotContent, _ live: any DirectorySource) {
        self.content = content
        self.live = live
    }

    var answers: [Anchor: Presence] { found.withLock { $0 } }

    func read(_ request: ReadRequest) async throws(SourceError) -> any DirectoryReading {
        try SnapshotReading(content, request)
    }

    func lookUp(_ anchors: [Anchor], _ request: ReadRequest) async throws(SourceError) -> [Presence] {
        let answers = try await live.lookUp(anchors, request)
        found.withLock { found in
            for (anchor, presence) in zip(anchors, answers) { found[anchor] = presence }
        }
        return answers
    }
}

/// Collects every attribute that some entry has. Beyond a few thousand, which no schema has, no more are noted.
struct SeenAttributes {
    private var spellings: Set<[UInt8]> = []
    private static let limit = 4096

    mutating func add(_ entry: RawEntry) {
        _ = entry.withCursor { cursor in
            while let item = cursor.next() {
                if case .attribute(let description) = item, spellings.count < SeenAttributes.limit {
                    spellings.insert(Array(description))
                }
            }
        }
    }

    var names: [AttributeName] { Set(spellings.compactMap { AttributeName(bytes: $0) }).sorted() }
}
