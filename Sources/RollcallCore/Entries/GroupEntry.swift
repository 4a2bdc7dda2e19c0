/// One upstream group as the source delivered it: who it is and its members' names.
///
/// Members are names (DNs), one after the other in one run of bytes; a group may have a million of them.
public struct GroupEntry: Sendable {
    /// The distinguished name as delivered.
    public let dn: [UInt8]
    /// The immutable id.
    public let anchor: Anchor
    /// The name that `match` rules and `from` rules by name see: `cn` for LDAP.
    public let name: Text
    /// The members' names.
    public let members: MemberNames
    /// Whether the source could tell the members. Where it could not, they stay what they were, whatever ``members`` holds.
    public var knowsMembers = true
    /// Whether ``name`` is one. A group without a usable name keeps the one that it had.
    public var hasName = true
    /// Why the source could not tell the members or the name, for a source that does not say it in its proof.
    public var doubt: String?

    public init(dn: [UInt8], anchor: Anchor, name: Text, members: MemberNames) {
        self.dn = dn
        self.anchor = anchor
        self.name = name
        self.members = members
    }
}

/// The names of a group's members, packed: the bytes of all, and where each ends.
public struct MemberNames: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    public init() {}

    /// The number of members.
    public var count: Int { ends.count }

    /// The size in bytes of all names together; a source compares it with its cap on one entry.
    public var byteCount: Int { bytes.count }

    /// Makes room ahead of the values.
    public mutating func reserve(names: Int, bytes byteCount: Int) {
        ends.reserveCapacity(names)
        bytes.reserveCapacity(byteCount)
    }

    /// Adds one member's name.
    public mutating func append(_ name: UnsafeBufferPointer<UInt8>) {
        bytes.append(contentsOf: name)
        ends.append(bytes.count)
    }

    /// Adds one member's name.
    public mutating func append(_ name: some Collection<UInt8>) {
        bytes.append(contentsOf: name)
        ends.append(bytes.count)
    }

    /// Shows each name in the order of arrival, without copying.
    public func forEachName<Failure: Error>(_ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Void) throws(Failure) {
        try bytes.withUnsafeBufferPointer { (all) throws(Failure) in
            var start = 0
            for end in ends {
                try body(UnsafeBufferPointer(rebasing: all[start..<end]))
                start = end
            }
        }
    }
}
