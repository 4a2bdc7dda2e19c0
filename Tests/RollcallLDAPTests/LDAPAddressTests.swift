import RollcallCore
import Testing

@testable import RollcallLDAP

@Suite("LDAP addresses")
struct LDAPAddressTests {
    @Test(
        "A URL gives scheme, host and port",
        arguments: [
            ("ldap://dc1.example.com", "ldap://dc1.example.com:389"), ("LDAPS://dc1.example.com/", "ldaps://dc1.example.com:636"),
            ("ldaps://[2001:db8::1]:3269", "ldaps://[2001:db8::1]:3269"), ("ldapi://%2Frun%2Fldapi", "ldapi://%2Frun%2Fldapi"),
            ("ldapi:///", "ldapi://"),
        ])
    func reads(_ url: String, _ expected: String) throws {
        #expect(try "\(LDAPAddress(url))" == expected)
    }

    @Test(
        "What is no server address is refused",
        arguments: [
            "", "dc1.example.com", "http://dc1", "ldap://", "ldap://dc1:0", "ldap://dc1:65536", "ldap://dc1:x", "ldap://dc1/dc=example",
            "ldap://dc1?x", "ldap://a b", "ldap://[::1", "ldap://user:pass@dc1", "ldap://[::1]389",
        ])
    func refuses(_ url: String) {
        #expect {
            try LDAPAddress(url)
        } throws: { error in
            let error = error as? SourceError
            return error?.code == .malformed && error?.description.contains("pass") != true
        }
    }

    @Test(
        "Only loopback and unix sockets are local",
        arguments: [
            ("ldap://127.0.0.1", true), ("ldap://127.9.9.9", true), ("ldap://[::1]", true), ("ldap://localhost", true), ("ldapi:///", true),
            ("ldap://127.0.0.1.example.com", false), ("ldap://128.0.0.1", false), ("ldap://0.0.0.0", false), ("ldap://127.1", false),
            ("ldap://[::2]", false), ("ldap://localhost.example.com", false),
        ])
    func locality(_ url: String, _ isLocal: Bool) throws {
        #expect(try LDAPAddress(url).claimsToBeLocal == isLocal)
    }
}
