/// Takes a snapshot apart as its bytes arrive, and proves that it is whole and as it was written.
///
/// Frames are shown one by one, before the end has proved them: whoever takes them must throw them away when ``read(_:_:)`` or
/// ``finish()`` throws. It holds one frame at a time; entries that nobody wants are summed and not held.
public struct SnapshotScanner {
    private enum Stage: Int {
        case opening
        case header
        case entries
        case lookUps
        case closed
    }

    private let showsEntries: Bool
    private var stage = Stage.opening
    private var sum = DigestBuilder()
    /// What has come of the piece that is awaited: the first line, a frame's head, or its content.
    private var held: [UInt8] = []
    /// The frame whose content is awaited, and how much of it has not come.
    private var open: (kind: SnapshotFrame.Kind, rest: Int)?
    private var header: SnapshotHeader?
    private var proof: ReadProof?
    private var seen: [AttributeName] = []
    private var entries = 0
    private var lookUps = 0

    private static let headLength = 5
    /// The most that a frame other than an entry may have.
    private static let longestFrame = 16 << 20

    /// - Parameter showsEntries: whether entries are shown; without it memory does not depend on their size.
    public init(showsEntries: Bool = true) {
        self.showsEntries = showsEntries
    }

    /// Takes the next bytes of the file, which may be cut anywhere, and shows the frames that end in them to `body`.
    public mutating func read(
        _ piece: UnsafeRawBufferPointer, _ body: (SnapshotFrame) throws(SnapshotError) -> Void = { _ in }
    ) throws(SnapshotError) {
        var rest = piece
        while !rest.isEmpty {
            if stage == .closed { throw .changed }
            if stage == .opening {
                rest = try takeOpening(rest)
            } else if let (kind, _) = open {
                rest = takeContent(rest)
                if open?.rest == 0 { try finishFrame(kind, body) }
            } else {
                rest = try takeHead(rest)
                if let (kind, length) = open, length == 0 { try finishFrame(kind, body) }
            }
        }
    }

    /// Says that there are no more bytes, and gives what is now proved.
    public func finish() throws(SnapshotError) -> SnapshotFacts {
        guard stage != .opening else {
            throw !held.isEmpty && SnapshotFrame.opening.starts(with: held) ? .truncated : .notASnapshot
        }
        guard stage == .closed, let header, let proof else { throw .truncated }
        return SnapshotFacts(header: header, proof: proof, seen: Set(seen), lookUps: lookUps)
    }

    /// The facts of a snapshot that is still being written, once all its entries are there; `nil` before.
    public var draft: SnapshotFacts? {
        guard let header, let proof, open == nil else { return nil }
        return SnapshotFacts(header: header, proof: proof, seen: Set(seen), lookUps: lookUps)
    }

    private mutating func takeOpening(_ bytes: UnsafeRawBufferPointer) throws(SnapshotError) -> UnsafeRawBufferPointer {
        let part = UnsafeRawBufferPointer(rebasing: bytes.prefix(SnapshotFrame.opening.count - held.count))
        held.append(contentsOf: part)
        guard SnapshotFrame.opening.starts(with: held) else {
            guard held.starts(with: SnapshotFrame.family) else { throw .notASnapshot }
            throw SnapshotError(.otherVersion, "the snapshot is of another version than rollcall.snapshot/1")
        }
        if held.count == SnapshotFrame.opening.count {
            sum.add(held)
            held.removeAll()
            stage = .header
        }
        return UnsafeRawBufferPointer(rebasing: bytes[part.count...])
    }

    private mutating func takeHead(_ bytes: UnsafeRawBufferPointer) throws(SnapshotError) -> UnsafeRawBufferPointer {
        let part = bytes.prefix(SnapshotScanner.headLength - held.count)
        held.append(contentsOf: part)
        if held.count == SnapshotScanner.headLength {
            let length = held.dropFirst().reduce(0) { $0 << 8 | Int($1) }
            guard let kind = SnapshotFrame.Kind(rawValue: held[0]), isExpected(kind),
                kind == .entry || length <= SnapshotScanner.longestFrame
            else { throw .changed }
            if kind != .trailer { sum.add(held) }
            held.removeAll(keepingCapacity: true)
            open = (kind, length)
        }
        return UnsafeRawBufferPointer(rebasing: bytes[part.count...])
    }

    private func isExpected(_ kind: SnapshotFrame.Kind) -> Bool {
        switch kind {
        case .header: stage == .header
        case .entry, .proof: stage == .entries
        case .lookUp, .trailer: stage == .lookUps
        }
    }

    private mutating func takeContent(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard let (kind, rest) = open else { return bytes }
        let part = UnsafeRawBufferPointer(rebasing: bytes.prefix(rest))
        if kind != .trailer { sum.add(part) }
        if kind != .entry || showsEntries { held.append(contentsOf: part) }
        open = (kind, rest - part.count)
        return UnsafeRawBufferPointer(rebasing: bytes[part.count...])
    }

    private mutating func finishFrame(
        _ kind: SnapshotFrame.Kind, _ body: (SnapshotFrame) throws(SnapshotError) -> Void
    ) throws(SnapshotError) {
        open = nil
        if kind == .entry, !showsEntries {
            entries += 1
            return
        }
        guard let frame = SnapshotFrame(kind, held) else { throw .changed }
        held.removeAll(keepingCapacity: held.count < 1 << 20)
        switch frame {
        case .header(let header):
            self.header = header
            stage = .entries
        case .entry: entries += 1
        case .proof(let proof, let seen):
            self.proof = proof
            self.seen = seen
            stage = .lookUps
        case .lookUp: lookUps += 1
        case .trailer(let count, let answers, let expected):
            guard count == entries, answers == lookUps, expected == sum.digest() else { throw .changed }
            stage = .closed
        }
        try body(frame)
    }
}
