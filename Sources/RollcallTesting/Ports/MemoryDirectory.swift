public import RollcallCore
internal import Synchronization

/// A directory in memory that answers as it is told to.
public struct MemoryDirectory: DirectorySource {
    /// What the readings deliver, one after the other; the last one again and again.
    public var snapshots: [MemorySnapshot]
    /// How many entries come in one batch.
    public var batchSize = 3
    /// Shuffles the entries of a reading; `nil` keeps their order.
    public var orderSeed: UInt64?
    /// Whether it is a file, in which an id may stand on two records.
    public var isFile = false
    /// Whether it can tell what has changed since it was asked last.
    public var tellsChanges = false
    /// What it was when it was asked last; what differs from it has changed.
    public var former: MemorySnapshot?
    /// What looking an anchor up shows. Others are found when the last snapshot has them, and gone when it has not.
    public var presences: [Anchor: Presence] = [:]
    /// What its proofs say of time.
    public var timeMarks = TimeMarks()
    /// What looking up fails with.
    public var lookUpFailure: SourceError?
    /// What was asked so far.
    public let log = MemoryLog()

    public init(_ snapshots: MemorySnapshot...) {
        self.snapshots = snapshots
    }

    public func read(_ request: ReadRequest) async throws(SourceError) -> any DirectoryReading {
        let number = log.noteReading()
        guard let snapshot = snapshots.dropFirst(number).first ?? snapshots.last else {
            throw SourceError(.unreachable, subject: "memory", message: "there is no snapshot")
        }
        return MemoryReading(snapshot, request, self)
    }

    public func lookUp(_ anchors: [Anchor], _ request: ReadRequest) async throws(SourceError) -> [Presence] {
        log.noteLookUp(anchors)
        if let lookUpFailure { throw lookUpFailure }
        let last = snapshots.last ?? MemorySnapshot()
        let present =
            switch request.sought {
            case .user: Set(last.people.compactMap { $0.values[request.users.names[0]]?.first.map { Anchor($0) } })
            case .group: Set(last.groups.map(\.anchor))
            }
        return anchors.map { presences[$0] ?? (present.contains($0) ? .inScope : .gone) }
    }
}

/// What a ``MemoryDirectory`` was asked.
public final class MemoryLog: Sendable {
    private let state = Mutex<(readings: Int, lookUps: [[Anchor]])>((0, []))

    /// How many readings were begun.
    public var readings: Int { state.withLock { $0.readings } }

    /// The anchors of each look-up, in order.
    public var lookUps: [[Anchor]] { state.withLock { $0.lookUps } }

    fileprivate init() {}

    fileprivate func noteReading() -> Int {
        state.withLock { state in
            defer { state.readings += 1 }
            return state.readings
        }
    }

    fileprivate func noteLookUp(_ anchors: [Anchor]) {
        state.withLock { $0.lookUps.append(anchors) }
    }
}

/// A reading whose batches stand ready.
private final class MemoryReading: DirectoryReading {
    private let batches: [EntryBatch]
    private let proof: ReadProof
    private let failure: (batch: Int, error: SourceError)?
    private let next = Mutex(0)

    init(_ snapshot: MemorySnapshot, _ request: ReadRequest, _ directory: MemoryDirectory) {
        let all = snapshot
        var snapshot = snapshot
        let isFollowed = directory.tellsChanges && request.following != nil
        if isFollowed, let former = directory.former { snapshot = snapshot.changes(since: former) }
        var whole = EntryBatch()
        if request.readsGroups {
            for group in snapshot.groups {
                if let defect = group.defect {
                    var rejected = RejectedEntry(anchor: nil, subject: Text(group.dn), reason: defect)
                    rejected.kind = .group
                    rejected.hasCertainName = true
                    whole.rejected.append(rejected)
                } else {
                    whole.groups.append(GroupEntry(group))
                }
            }
        }
        for person in snapshot.people {
            if let defect = person.defect {
                whole.rejected.append(RejectedEntry(person, request.users, reason: defect))
            } else {
                whole.users.append(Entry(person, request.users))
            }
        }
        var proof = ReadProof(
            server: "memory", users: whole.users.count, groups: whole.groups.count, rejected: whole.rejected.count, pages: 1,
            result: snapshot.result, watermark: snapshot.watermark)
        proof.timeMarks = directory.timeMarks
        if isFollowed { proof.extent = .changes }
        let isUnchanged = request.known != nil && request.known == snapshot.watermark
        if isUnchanged { proof.extent = .unchanged }
        if directory.tellsChanges {
            let anchors = Set(all.people.map { $0["entryUUID"] })
            proof.followMark = FollowMark(
                since: Instant(unixSeconds: 0), users: anchors.count, groups: request.readsGroups ? all.groups.count : 0,
                readWhole: Instant(unixSeconds: 0))
        }
        self.proof = proof
        var split = isUnchanged ? [] : whole.split(every: max(directory.batchSize, 1), orderSeed: directory.orderSeed)
        if directory.isFile {
            var line = 0
            for index in split.indices {
                var places = RecordPlaces(prefix: "memory:")
                for _ in split[index].groups {
                    line += 1
                    places.groups.append(line)
                }
                for _ in split[index].users {
                    line += 1
                    places.users.append(line)
                }
                split[index].places = places
            }
        }
        batches = split
        failure = snapshot.failure
    }

    func next() async throws(SourceError) -> ReadStep {
        let place = next.withLock { place in
            defer { place += 1 }
            return place
        }
        if let failure, place >= min(failure.batch, batches.count) { throw failure.error }
        return place < batches.count ? .batch(batches[place]) : .end(proof)
    }

    func cancel() {}
}

extension EntryBatch {
    /// The same entries in several batches, groups first unless they are shuffled.
    fileprivate func split(every size: Int, orderSeed: UInt64?) -> [EntryBatch] {
        var single: [EntryBatch] =
            groups.map { EntryBatch(groups: [$0]) } + users.map { EntryBatch(users: [$0]) } + rejected.map { EntryBatch(rejected: [$0]) }
        if let orderSeed {
            var random = SeededRandom(orderSeed)
            single.shuffle(using: &random)
        }
        return stride(from: 0, to: single.count, by: size).map { start in
            single[start..<min(start + size, single.count)].reduce(into: EntryBatch()) { batch, one in
                batch.users += one.users
                batch.groups += one.groups
                batch.rejected += one.rejected
            }
        }
    }
}

extension Entry {
    /// The person as a source would deliver them in `layout`.
    public init(_ person: MemoryPerson, _ layout: AttributeLayout) {
        var builder = EntryBuilder(layout: layout)
        builder.begin(dn: Array(person.dn.utf8))
        for (name, values) in person.values {
            guard let slot = layout.slot(of: name) else { continue }
            for value in values { builder.append(value, inSlot: slot) }
        }
        for name in person.unreadable { if let slot = layout.slot(of: name) { builder.markUnreadable(inSlot: slot) } }
        self = builder.finish()
    }
}

extension GroupEntry {
    /// The group as a source would deliver it.
    public init(_ group: MemoryGroup) {
        var members = MemberNames()
        for member in group.members { members.append(Array(member.utf8)) }
        self.init(dn: Array(group.dn.utf8), anchor: group.anchor, name: group.hasName ? Text(group.name) : .empty, members: members)
        knowsMembers = group.doubt == nil
        hasName = group.hasName
        doubt = group.doubt ?? (group.hasName ? nil : "its name is not text")
    }
}

extension RejectedEntry {
    fileprivate init(_ person: MemoryPerson, _ layout: AttributeLayout, reason: String) {
        let entry = Entry(person, layout)
        self.init(anchor: entry.anchor, subject: Text(person.dn), reason: reason)
        others = person.otherAnchors.map { Anchor($0.utf8) }
        if person.proves {
            readable = entry
            hasCertainName = true
        }
    }
}
