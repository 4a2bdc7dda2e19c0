import CLDAP
import RollcallCore

/// The attributes of one entry, one after the other.
protocol AttributeFields: ~Copyable {
    /// The name of the entry; lent.
    var dn: UnsafeBufferPointer<UInt8> { get }
    /// The description of the attribute that ``advance()`` came to; lent until the next.
    var name: UnsafeBufferPointer<UInt8> { get }
    /// How many values it has.
    var valueCount: Int { get }
    /// Whether it has further values, which were too large.
    var isCut: Bool { get }

    /// Goes to the next attribute; `false` at the end.
    mutating func advance() throws(SourceError) -> Bool

    /// The value at `index`, which must be below ``valueCount``; valid until the next ``advance()``.
    func value(_ index: Int) -> UnsafeBufferPointer<UInt8>
}

/// Walks once over the attributes of one SearchResultEntry, in place: names and values point into the message.
struct EntryFields: AttributeFields, ~Copyable {
    private let session: LDAPSession
    private let message: OpaquePointer
    private var cursor: OpaquePointer?
    private var values: UnsafeMutablePointer<berval>?

    /// The name of the entry; valid as long as the message.
    let dn: UnsafeBufferPointer<UInt8>
    /// The description of the attribute that ``advance()`` came to.
    private(set) var name = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    /// How many values it has.
    private(set) var valueCount = 0
    /// The server's answer is never shortened here.
    var isCut: Bool { false }

    init(_ session: LDAPSession, _ message: borrowing LDAPMessage) throws(SourceError) {
        var dn = berval()
        var cursor: OpaquePointer?
        let code = ldap_get_dn_ber(session.handle, message.pointer, &cursor, &dn)
        guard code == 0 else {
            if let cursor { ber_free(cursor, 0) }
            throw session.undecodable("an entry")
        }
        self.session = session
        self.message = message.pointer
        self.cursor = cursor
        self.dn = dn.bytes
    }

    deinit {
        if let values { ber_memfree(values) }
        if let cursor { ber_free(cursor, 0) }
    }

    /// Goes to the next attribute; `false` at the end.
    mutating func advance() throws(SourceError) -> Bool {
        if let values { ber_memfree(values) }
        values = nil
        valueCount = 0
        guard let cursor else { return false }
        var description = berval()
        let code = ldap_get_attribute_ber(session.handle, message, cursor, &description, &values)
        guard code == 0 else { throw session.undecodable("an entry") }
        guard description.bv_val != nil else { return false }
        name = description.bytes
        if let values {
            while (values + valueCount).pointee.bv_val != nil { valueCount += 1 }
        }
        return true
    }

    /// The value at `index`, which must be below ``valueCount``; valid until the next ``advance()``.
    func value(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        guard let values, index < valueCount else { return UnsafeBufferPointer(start: nil, count: 0) }
        return (values + index).pointee.bytes
    }
}

extension berval {
    var bytes: UnsafeBufferPointer<UInt8> {
        guard let start = bv_val else { return UnsafeBufferPointer(start: nil, count: 0) }
        return UnsafeBufferPointer(start: UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self), count: Int(bv_len))
    }
}
