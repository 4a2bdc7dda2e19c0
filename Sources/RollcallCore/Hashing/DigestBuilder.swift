internal import CCrypto

/// A SHA-256 digest that grows piece by piece.
///
/// Pieces of varying length are added with their length before them (``addField(_:)-([UInt8])``), so that two different lists of
/// fields never give the same bytes.
public struct DigestBuilder: Sendable {
    private var state = rollcall_sha256_state()

    public init() {
        rollcall_sha256_begin(&state)
    }

    /// Adds bytes as they are.
    public mutating func add(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { rollcall_sha256_add(&state, $0.baseAddress, $0.count) }
    }

    /// Adds bytes as they are.
    public mutating func add(_ buffer: UnsafeRawBufferPointer) {
        rollcall_sha256_add(&state, buffer.baseAddress, buffer.count)
    }

    /// Adds a field: its length in bytes as eight octets, most significant first, then its bytes.
    public mutating func addField(_ bytes: [UInt8]) {
        add(length: bytes.count)
        add(bytes)
    }

    /// Adds a text as a field.
    public mutating func addField(_ text: String) {
        addField(Array(text.utf8))
    }

    /// Adds a field that may be missing; a missing one differs from an empty one.
    public mutating func addField(_ bytes: [UInt8]?) {
        add(length: bytes == nil ? 0 : 1)
        if let bytes { addField(bytes) }
    }

    /// Adds a number as eight octets, most significant first.
    public mutating func add(length: Int) {
        withUnsafeBytes(of: UInt64(truncatingIfNeeded: length).bigEndian) { rollcall_sha256_add(&state, $0.baseAddress, $0.count) }
    }

    /// The digest of all that was added. The builder itself can go on.
    public func digest() -> Digest {
        var copy = state
        return Digest.filled { rollcall_sha256_end(&copy, $0) }
    }
}
