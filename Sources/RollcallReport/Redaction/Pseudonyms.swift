internal import RollcallCore

/// Names that stand for values: the same value has the same one, and without the key nobody can tell or try out which.
struct Pseudonyms: Sendable {
    /// What sort of thing a value is, as its pseudonym begins.
    enum Kind: String {
        case user
        case email
        case name
        case group
        case entry
        case server
        case rule
        case value
    }

    // HMAC (RFC 2104) with SHA-256, whose blocks have 64 bytes; the key's own block is hashed once.
    private let inner: DigestBuilder
    private let outer: DigestBuilder

    init(key: [UInt8]) {
        var block = key.count > 64 ? Digest(hashing: key).bytes : key
        block += [UInt8](repeating: 0, count: 64 - block.count)
        var inner = DigestBuilder()
        inner.add(block.map { $0 ^ 0x36 })
        var outer = DigestBuilder()
        outer.add(block.map { $0 ^ 0x5C })
        self.inner = inner
        self.outer = outer
    }

    /// The pseudonym of a value; an empty one has none and stays empty.
    func text(_ kind: Kind, _ value: some Collection<UInt8>) -> String {
        if value.isEmpty { return "" }
        // 48 bits: among 100,000 values two share a pseudonym once in fifty thousand reports.
        return "\(kind.rawValue)-\(Hexadecimal.text(Array(code(Array(value)).bytes.prefix(6))))"
    }

    /// A number that stands for another one, at least 1.
    func number(_ value: Int64) -> Int64 {
        code(withUnsafeBytes(of: value.bigEndian) { Array($0) }).bytes.prefix(5).reduce(0) { $0 << 8 | Int64($1) } + 1
    }

    private func code(_ value: [UInt8]) -> Digest {
        var message = inner
        message.add(value)
        var outer = outer
        outer.add(message.digest().bytes)
        return outer.digest()
    }
}
