internal import RollcallCore

/// What a plan rests on beside accounts, and what no application changes while a run goes on: when it has moved, the run begins again.
struct FixedState: Equatable {
    /// How many events the audit log has: each applied run and each deed adds some.
    private let events: Int64
    private let rulesDigest: [UInt8]?
    private let lastApplied: Int64?
    /// The digest over the permission groups.
    private let permissionGroups: Digest

    init(_ connection: Connection) throws(StoreError) {
        events = try connection.number("SELECT max(seq) FROM audit") ?? 0
        let source = try connection.prepare("SELECT rules_digest, last_applied FROM sources WHERE id = 1")
        if try source.step() {
            rulesDigest = source.isNull(0) ? nil : source.bytes(0)
            lastApplied = source.optionalNumber(1)
        } else {
            (rulesDigest, lastApplied) = (nil, nil)
        }
        let groups = try connection.prepare("SELECT id, name, key, privileged, permissions FROM permission_groups ORDER BY id")
        var digest = DigestBuilder()
        while try groups.step() {
            withUnsafeBytes(of: (groups.number(0).bigEndian, groups.number(3).bigEndian)) { digest.add($0) }
            for column: Int32 in [1, 2, 4] { digest.addField(groups.bytes(column)) }
        }
        permissionGroups = digest.digest()
    }
}
