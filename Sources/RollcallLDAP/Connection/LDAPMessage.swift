import CLDAP
import Glibc

/// One answer of the server, freed with its owner.
struct LDAPMessage: ~Copyable {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        ldap_msgfree(pointer)
    }

    /// The request it answers.
    var id: Int32 { ldap_msgid(pointer) }
    var kind: Int32 { ldap_msgtype(pointer) }
    var isEntry: Bool { kind == rollcall_ldap_kind_entry }
    var isReference: Bool { kind == rollcall_ldap_kind_reference }
}

extension LDAPSession {
    /// The name of an entry, copied, which leaves the message as it was. Reading it in place does not: libldap writes a NUL behind
    /// each field.
    func name(of message: borrowing LDAPMessage) -> [UInt8] {
        guard let name = ldap_get_dn(handle, message.pointer) else { return [] }
        defer { ldap_memfree(name) }
        return Array(UnsafeRawBufferPointer(start: name, count: strlen(name)))
    }
}

/// What a request's last answer says.
struct LDAPOutcome {
    let code: ResultCode
    /// The server's own words on one line, cut short; empty when it has none.
    let diagnostic: String
    /// The paging cookie, empty on the last page; `nil` when the answer had no paging control.
    var cookie: [UInt8]?

    var isSuccess: Bool { code == .success }

    /// `result 4 (sizeLimitExceeded)`, with the server's words behind it.
    var phrase: String {
        "result \(code)" + (diagnostic.isEmpty ? "" : ", \"\(diagnostic)\"")
    }
}
