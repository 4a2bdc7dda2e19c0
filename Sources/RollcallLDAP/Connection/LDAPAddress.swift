import Glibc
import RollcallCore

/// One server out of `source.url`, and what its channel is worth.
struct LDAPAddress: Hashable, Sendable, CustomStringConvertible {
    enum Scheme: String, Sendable {
        case ldap, ldaps, ldapi
    }

    let scheme: Scheme
    /// A name or an address; for `ldapi` the percent-encoded path of the socket, empty for the library's default.
    let host: String
    /// 0 for `ldapi`.
    let port: Int

    /// Reads `scheme://host[:port][/]`. What an LDAP URL may also hold (a base, a filter, extensions) has its own place in the config.
    ///
    /// - Throws: ``SourceError`` with code `malformed`.
    init(_ url: String) throws(SourceError) {
        guard let colon = url.firstIndex(of: ":"), url[colon...].hasPrefix("://"),
            let scheme = Scheme(rawValue: url[..<colon].lowercased())
        else { throw LDAPAddress.malformed(url, "it must start with ldap://, ldaps:// or ldapi://") }
        var rest = url[colon...].dropFirst(3)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard rest.utf8.allSatisfy(LDAPAddress.isPlain) else {
            throw LDAPAddress.malformed(url, "only a host and a port may follow \(scheme)://")
        }
        self.scheme = scheme
        if scheme == .ldapi {
            host = String(rest)
            port = 0
            return
        }
        var portText = Substring()
        if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
            host = String(rest[rest.startIndex...end])
            portText = rest[end...].dropFirst()
            guard portText.isEmpty || portText.hasPrefix(":") else { throw LDAPAddress.malformed(url, "after ] only a port may follow") }
        } else if let end = rest.firstIndex(of: ":") {
            host = String(rest[..<end])
            portText = rest[end...]
        } else {
            host = String(rest)
        }
        guard !host.isEmpty else { throw LDAPAddress.malformed(url, "it has no host") }
        if portText.isEmpty {
            port = scheme == .ldaps ? 636 : 389
        } else if let number = Int(portText.dropFirst()), (1...65_535).contains(number) {
            port = number
        } else {
            throw LDAPAddress.malformed(url, "the port must be between 1 and 65535")
        }
    }

    var description: String {
        scheme == .ldapi ? "ldapi://\(host)" : "\(scheme.rawValue)://\(host):\(port)"
    }

    /// The host without the brackets of an IPv6 address.
    var bareHost: String { String(host.drop { $0 == "[" }.prefix { $0 != "]" }) }

    /// What libldap is given. It is never given `ldaps`: TLS is begun by hand, so that a server that cannot be reached and a
    /// certificate that is refused stay two different errors.
    var connectURL: String {
        scheme == .ldapi ? "ldapi://\(host)/" : "ldap://\(host):\(port)"
    }

    /// Whether the text alone says that the channel does not leave this machine; a name is proved again on the connection.
    var claimsToBeLocal: Bool {
        if scheme == .ldapi || host.lowercased() == "localhost" { return true }
        var four = in_addr()
        if inet_pton(AF_INET, host, &four) == 1 { return UInt32(bigEndian: four.s_addr) >> 24 == 127 }
        return host == "[::1]"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"),
            UInt8(ascii: "%"):
            true
        default: false
        }
    }

    /// The URL itself is left out when it may hold a password.
    private static func malformed(_ url: String, _ reason: String) -> SourceError {
        SourceError(
            .malformed, subject: url.contains("@") ? "source.url" : url, message: "not a usable LDAP URL: \(reason)",
            advice: "write it as ldaps://host:port")
    }
}
