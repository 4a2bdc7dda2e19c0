public import RollcallCore

/// One person of a directory in memory.
public struct MemoryPerson: Hashable, Sendable {
    public var dn: String
    /// The values by attribute, as bytes; the anchor is one of them.
    public var values: [AttributeName: [[UInt8]]]
    /// Why the entry is delivered as one that cannot be used; `nil` when it can.
    public var defect: String?
    /// Further values of the anchor of a defective entry.
    public var otherAnchors: [String] = []
    /// Whether a defective entry is delivered with what can be read of it.
    public var proves = false
    /// The attributes that cannot be read.
    public var unreadable: Set<AttributeName> = []

    public init(_ dn: String, _ attributes: KeyValuePairs<String, [String]> = [:]) {
        self.dn = dn
        values = [:]
        defect = nil
        for (name, texts) in attributes { self[name] = texts }
    }

    /// The values of one attribute as strings; reading cannot tell values that are not text.
    public subscript(name: String) -> [String] {
        get { (AttributeName(name).flatMap { values[$0] } ?? []).map { String(decoding: $0, as: UTF8.self) } }
        set { if let name = AttributeName(name) { values[name] = newValue.map { Array($0.utf8) } } }
    }
}

/// One group of a directory in memory.
public struct MemoryGroup: Hashable, Sendable {
    public var dn: String
    public var anchor: Anchor
    public var name: String
    /// The members' names.
    public var members: [String]
    /// Why the members cannot be told; `nil` when they can.
    public var doubt: String?
    /// Whether the name can be used.
    public var hasName = true
    /// Why the group is delivered as one that cannot be used; `nil` when it can.
    public var defect: String?

    public init(_ dn: String, anchor: String, name: String, members: [String] = []) {
        self.dn = dn
        self.anchor = Anchor(anchor.utf8)
        self.name = name
        self.members = members
    }
}

/// What one reading of a ``MemoryDirectory`` delivers.
public struct MemorySnapshot: Sendable {
    public var people: [MemoryPerson]
    public var groups: [MemoryGroup]
    /// The source's own mark of how far its data goes.
    public var watermark: String?
    /// The result code in the proof.
    public var result: Int
    /// An error in place of the batch of that number, from 0, or of the proof when there are no more.
    public var failure: (batch: Int, error: SourceError)?

    public init(people: [MemoryPerson] = [], groups: [MemoryGroup] = []) {
        self.people = people
        self.groups = groups
        watermark = nil
        result = 0
        failure = nil
    }

    /// What is new or otherwise than it was; what is gone is not told.
    func changes(since former: MemorySnapshot) -> MemorySnapshot {
        let (people, groups) = (Set(former.people), Set(former.groups))
        var changes = self
        changes.people.removeAll { people.contains($0) }
        changes.groups.removeAll { groups.contains($0) }
        return changes
    }
}
