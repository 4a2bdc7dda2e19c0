/// The names of resources, `/Users/…` and `/Groups/…` with the id: what stands in the place of a DN.
///
/// Members find their users and groups by them, so they are made in one place only.
public enum ResourceName {
    private static let users = Array("/Users/".utf8)
    private static let groups = Array("/Groups/".utf8)

    /// The name of a user or group with this id.
    public static func of(_ kind: EntryKind, _ id: some Collection<UInt8>) -> [UInt8] {
        (kind == .user ? users : groups) + id
    }

    /// What a reference of a member leads to, absolute or not; `nil` when it does not say.
    static func kind(ofReference reference: UnsafeBufferPointer<UInt8>) -> EntryKind? {
        let folded = reference.map(JSONName.folded)
        if folded.contains(Array("/users/".utf8)) || folded.starts(with: Array("users/".utf8)) { return .user }
        if folded.contains(Array("/groups/".utf8)) || folded.starts(with: Array("groups/".utf8)) { return .group }
        return nil
    }
}

extension [UInt8] {
    fileprivate func contains(_ part: [UInt8]) -> Bool {
        guard count >= part.count else { return false }
        return (0...count - part.count).contains { self[$0..<$0 + part.count].elementsEqual(part) }
    }
}
