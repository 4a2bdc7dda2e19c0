import RollcallCore
import Testing

@testable import RollcallSCIM

@Suite("SCIM URLs")
struct ScimURLTests {
    @Test(
        "A URL is read and written again",
        arguments: [
            ("https://idp.example.com/scim/v2", "https://idp.example.com/scim/v2"),
            ("HTTPS://IdP.Example.COM:443", "https://idp.example.com/"),
            ("https://idp.example.com:8443/a%2Fb?x=1&y", "https://idp.example.com:8443/a%2Fb?x=1&y"),
            ("http://127.0.0.1:8080/scim/", "http://127.0.0.1:8080/scim/"), ("http://[::1]/x", "http://[::1]/x"),
            ("http://LOCALHOST", "http://localhost/"), ("https://[2001:DB8::1]:443/x", "https://[2001:db8::1]/x"),
            ("https://idp.example.com?x=1", "https://idp.example.com/?x=1"), ("https://idp.example.com/a@b", "https://idp.example.com/a@b"),
        ])
    func reads(_ text: String, _ expected: String) throws {
        #expect(try ScimURL(text).text == expected)
    }

    @Test(
        "What is no usable URL is refused, and a password in it is not shown",
        arguments: [
            "", "idp.example.com", "ftp://idp.example.com", "https://", "https:///scim", "https://idp.example.com:0", "https://idp:65536/",
            "https://idp:/", "https://idp:+1/", "https://user:canary@idp.example.com/", "https://canary@idp/", "https://idp/#a",
            "https://idp/a b",
            "https://idp/\u{E9}", "https://idp/%2", "https://idp/%zz", "https://id%70/", "https://[::1/", "https://[zz]/",
            "https://[1.2.3.4]/",
            "https://idp\\@evil/", "https://.idp/", "https://a..b/", "https://idp/a\r\nb", "https://idp/<a>", "https://[::1]x/",
        ])
    func refuses(_ text: String) {
        #expect {
            try ScimURL(text)
        } throws: { error in
            let error = error as? SourceError
            return error?.code == .malformed && error?.description.contains("canary") == false
        }
    }

    @Test(
        "http is for this machine alone",
        arguments: [
            "http://idp.example.com", "http://192.0.2.1", "http://128.0.0.1", "http://127.1", "http://0.0.0.0",
            "http://127.0.0.1.example.com",
            "http://[::2]", "http://localhost.example.com", "http://2130706433", "http://0x7f.0.0.1",
        ])
    func clear(_ text: String) {
        #expect {
            try ScimURL(text)
        } throws: { error in
            (error as? SourceError)?.code == .untrusted
        }
    }

    @Test("Segments and parameters stand for themselves, whatever is in them")
    func appends() throws {
        let base = try ScimURL("https://idp.example.com/scim/v2/")
        #expect(base.appending("Users").text == "https://idp.example.com/scim/v2/Users")
        #expect(base.appending("Users").appending("a/b?c#d%é").text == "https://idp.example.com/scim/v2/Users/a%2Fb%3Fc%23d%25%C3%A9")
        #expect(base.appending("Users").appending("..").text == "https://idp.example.com/scim/v2/Users/%2E%2E")
        let users = base.appending("Users").adding("cursor").adding("count", "10").adding("filter", "a eq \"b&c\"")
        #expect(users.text == "https://idp.example.com/scim/v2/Users?cursor&count=10&filter=a%20eq%20%22b%26c%22")
        #expect(base.adding("cursor", "a+/=:_-.~").query == "cursor=a%2B%2F%3D%3A_-.~")
        #expect("\(users)" == "https://idp.example.com/scim/v2/Users", "messages show no query")
    }

    @Test("An origin is scheme, host and port")
    func origins() throws {
        let origin = try ScimURL("https://idp.example.com/a").origin
        for same in ["https://IDP.example.com:443/b", "https://idp.example.com?x"] { #expect(try ScimURL(same).origin == origin) }
        for other in ["https://idp.example.com:444/", "https://example.com/", "https://idp.example.com./"] {
            #expect(try ScimURL(other).origin != origin)
        }
    }
}
