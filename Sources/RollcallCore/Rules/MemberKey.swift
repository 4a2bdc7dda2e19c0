/// The key by which a group's member and an entry find each other: 128 bits of SHA-256 over the store's own key and the
/// normalised DN.
///
/// Sixteen bytes stand for a name of any length, and since the key is a store's own, nobody upstream can choose names that meet.
public struct MemberKeyMaker: Sendable {
    private let prefix: DigestBuilder
    private var normalized: [UInt8] = []

    /// - Parameter key: the store's key, at least 16 random bytes.
    public init(key: [UInt8]) {
        var prefix = DigestBuilder()
        prefix.addField(key)
        self.prefix = prefix
    }

    /// The key of the entry called `dn`. A name that is no DN stands for itself, byte for byte.
    public mutating func key(for dn: UnsafeBufferPointer<UInt8>) -> ShortDigest {
        normalized.removeAll(keepingCapacity: true)
        if !DistinguishedName.normalize(dn, into: &normalized) {
            normalized.removeAll(keepingCapacity: true)
            normalized.append(contentsOf: dn)
        }
        var builder = prefix
        normalized.withUnsafeBytes { builder.add($0) }
        return builder.digest().short
    }

    /// The key of the entry called `dn`.
    public mutating func key(for dn: ArraySlice<UInt8>) -> ShortDigest {
        dn.withUnsafeBufferPointer { key(for: $0) }
    }

    /// The keys of all members, sorted, each once.
    public mutating func keys(for members: MemberNames) -> [ShortDigest] {
        var keys: [ShortDigest] = []
        keys.reserveCapacity(members.count)
        members.forEachName { keys.append(key(for: $0)) }
        keys.sort()
        var kept = 0
        for index in keys.indices where kept == 0 || keys[kept - 1] != keys[index] {
            keys[kept] = keys[index]
            kept += 1
        }
        keys.removeLast(keys.count - kept)
        return keys
    }
}
