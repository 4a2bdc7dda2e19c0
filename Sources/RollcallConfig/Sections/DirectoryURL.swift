import RollcallCore

/// The URL of a directory server: a scheme and an address, and nothing else (RFC 4516 allows more).
struct DirectoryURL: Hashable, Sendable {
    enum Scheme: String, CaseIterable, Sendable {
        case ldap
        case ldaps
        case ldapi
    }

    /// Why a text is not the URL of a server.
    struct Problem: Error {
        let message: String
        var advice = ""
    }

    let scheme: Scheme
    /// The URL as it was written, without a slash at its end.
    let text: String
    /// The host without its port; for ldapi the socket's path, encoded.
    let host: String

    /// Whether the server is this machine, so that nothing crosses a network.
    var isLoopback: Bool { host == "localhost" || host == "[::1]" || host.hasPrefix("127.") }

    init(_ text: String) throws(Problem) {
        // Before anything that shows the text.
        guard !text.contains("@") else {
            throw Problem(message: "a URL may not hold a user or a password", advice: "use source.bind")
        }
        if text.lowercased().hasPrefix("srv:") {
            throw Problem(
                message: "`srv:` look-ups are not supported by this version", advice: "name the servers, in the order to try them")
        }
        guard let separator = text.firstRange(of: "://") else {
            throw Problem(message: "\(Quoted(text)) is not a URL", advice: "write ldaps://host, ldap://host or ldapi://path")
        }
        guard let scheme = Scheme(rawValue: text[..<separator.lowerBound].lowercased()) else {
            throw Problem(
                message: "the scheme \(Quoted(String(text[..<separator.lowerBound]))) is not one of a directory",
                advice: "write ldaps://, ldap:// or ldapi://")
        }
        var address = text[separator.upperBound...]
        if address.hasSuffix("/"), scheme != .ldapi { address = address.dropLast() }
        guard address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Problem(
                message: "\(Quoted(text)) holds a space or a letter outside ASCII", advice: "write an international name in its xn-- form")
        }
        guard !address.contains("?"), !address.contains("#") else {
            throw Problem(
                message: "\(Quoted(text)) holds more than a server's address",
                advice: "write only scheme, host and port; the rest has keys of its own")
        }
        self.scheme = scheme
        self.text = scheme.rawValue + "://" + address
        if scheme == .ldapi {
            guard !address.contains("/") || address == "/" else {
                throw Problem(
                    message: "the socket's path in \(Quoted(text)) must be encoded",
                    advice: "write %2F for each slash, as in ldapi://%2Frun%2Fslapd%2Fldapi")
            }
            host = String(address)
            return
        }
        guard !address.contains("/") else {
            throw Problem(message: "\(Quoted(text)) holds more than a server's address", advice: "a base DN belongs into source.users.base")
        }
        host = try DirectoryURL.host(of: address, in: text)
    }

    /// The host of `host`, `host:port` or `[address]:port`.
    private static func host(of address: Substring, in url: String) throws(Problem) -> String {
        let host: Substring
        let rest: Substring
        if address.hasPrefix("[") {
            guard let end = address.firstIndex(of: "]") else { throw Problem(message: "\(Quoted(url)) has a `[` without its `]`") }
            host = address[...end]
            rest = address[address.index(after: end)...]
            guard
                host.dropFirst().dropLast().utf8.allSatisfy({
                    Hexadecimal.value(of: $0) != nil || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".")
                }),
                host.contains(":")
            else { throw Problem(message: "\(Quoted(url)) has no IPv6 address in its brackets") }
        } else {
            host = address.prefix { $0 != ":" }
            rest = address[host.endIndex...]
            guard !host.isEmpty else { throw Problem(message: "\(Quoted(url)) names no host") }
            guard host.utf8.allSatisfy(isHostByte) else {
                throw Problem(message: "\(Quoted(String(host))) is not a host name", advice: "letters, digits, `-` and `.`")
            }
        }
        if rest.isEmpty { return String(host) }
        guard rest.first == ":", let port = Int(rest.dropFirst()), (1...65_535).contains(port),
            rest.dropFirst().utf8.allSatisfy({ $0 != UInt8(ascii: "+") })
        else {
            throw Problem(
                message: "\(Quoted(String(rest.dropFirst()))) is not a port", advice: "1 to 65535; an IPv6 address stands in [brackets]")
        }
        return String(host)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
