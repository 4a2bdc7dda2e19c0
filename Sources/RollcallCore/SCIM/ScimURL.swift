/// An `https` URL that has been looked through: no user, no password, no fragment, nothing that two parsers would read differently.
///
/// `http` is allowed to this machine alone (127.0.0.0/8, ::1, `localhost`), because nothing crosses a network there.
public struct ScimURL: Hashable, Sendable {
    public enum Scheme: String, Sendable {
        case https
        case http
    }

    public let scheme: Scheme
    /// In lower case; an IPv6 address in its brackets.
    public let host: String
    public let port: Int
    /// Percent-encoded; empty, or with a slash at its beginning.
    public private(set) var path: String
    /// Percent-encoded, without its question mark; `nil` when there is none.
    public private(set) var query: String?

    /// - Parameter knob: The key of the config by which messages mention a URL that must not be shown.
    /// - Throws: ``SourceError`` with code `malformed`, or `untrusted` for `http` to another machine.
    public init(_ text: String, knob: String = "source.url") throws(SourceError) {
        // Before anything that shows the text.
        let shown = text.contains("@") ? knob : DisplayEscaping.escapedForTerminal(String(text.prefix { $0 != "?" }))
        func malformed(_ reason: String) -> SourceError {
            SourceError(.malformed, subject: shown, message: "not a usable URL: \(reason)", advice: "write it as https://host/path")
        }
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://"),
            let scheme = Scheme(rawValue: text[..<colon].lowercased())
        else { throw malformed("it must start with https://") }
        let rest = text[colon...].utf8.dropFirst(3)
        guard rest.allSatisfy(ScimURL.isPlain) else {
            throw malformed("it holds a blank, a fragment, or a character that must be encoded")
        }
        guard ScimURL.isEncodedWell(rest) else { throw malformed("after % there must be two hexadecimal digits") }
        let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        guard !authority.contains(UInt8(ascii: "@")) else { throw malformed("it may not hold a user or a password; use source.auth") }
        guard let (host, port) = ScimURL.address(Substring(authority)) else {
            throw malformed("after \(scheme.rawValue):// there must be a host, and a port between 1 and 65535 if any")
        }
        self.scheme = scheme
        self.host = host.lowercased()
        self.port = port ?? (scheme == .https ? 443 : 80)
        let tail = rest.dropFirst(authority.count)
        path = String(Substring(tail.prefix { $0 != UInt8(ascii: "?") }))
        query = tail.firstIndex(of: UInt8(ascii: "?")).map { String(Substring(tail[tail.index(after: $0)...])) }
        guard scheme == .https || isLoopback else {
            throw SourceError(
                .untrusted, subject: shown, message: "http:// is not encrypted, and goes to another machine", advice: "use https://")
        }
    }

    /// Scheme, host and port: what decides who sees the credentials.
    public var origin: String {
        port == (scheme == .https ? 443 : 80) ? "\(scheme.rawValue)://\(host)" : "\(scheme.rawValue)://\(host):\(port)"
    }

    /// The whole URL, as it is asked for.
    public var text: String { origin + (path.isEmpty ? "/" : path) + (query.map { "?\($0)" } ?? "") }

    /// Whether the text alone says that nothing leaves this machine.
    public var isLoopback: Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// The URL with one more segment, whatever is in it. A query is left off. An empty segment would mean the list itself: do not ask.
    public func appending(_ segment: String) -> ScimURL {
        var longer = self
        longer.path = (path.hasSuffix("/") ? String(path.dropLast()) : path) + "/"
        // A dot segment would be taken for a way up (RFC 3986 section 5.2.4).
        longer.path += segment == "." || segment == ".." ? segment.utf8.map { _ in "%2E" }.joined() : ScimURL.encoded(segment)
        longer.query = nil
        return longer
    }

    /// The URL with one more parameter; without a value only the name stands, as in `?cursor`.
    public func adding(_ name: String, _ value: String? = nil) -> ScimURL {
        var longer = self
        let item = ScimURL.encoded(name) + (value.map { "=\(ScimURL.encoded($0))" } ?? "")
        longer.query = query.map { "\($0)&\(item)" } ?? item
        return longer
    }

    /// The text with every byte encoded that RFC 3986 does not call unreserved, so that it stands for itself anywhere.
    public static func encoded(_ text: some StringProtocol) -> String {
        encoded(text.utf8)
    }

    public static func encoded(_ bytes: some Sequence<UInt8>) -> String {
        var out: [UInt8] = []
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                out.append(byte)
            default:
                let digits = Array("0123456789ABCDEF".utf8)
                out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}

extension ScimURL: CustomStringConvertible {
    /// Origin and path, for messages. The query is left out, for it may hold what is nobody's business.
    public var description: String { origin + path }
}

// MARK: - Parts

extension ScimURL {
    private static func isPlain(_ byte: UInt8) -> Bool {
        guard byte > 0x20, byte < 0x7F else { return false }
        return !"\"#<>\\^`{|}".utf8.contains(byte)
    }

    private static func isEncodedWell(_ text: Substring.UTF8View.SubSequence) -> Bool {
        var rest = text
        while let percent = rest.firstIndex(of: UInt8(ascii: "%")) {
            rest = rest[rest.index(after: percent)...]
            guard rest.count >= 2, rest.prefix(2).allSatisfy({ Hexadecimal.value(of: $0) != nil }) else { return false }
        }
        return true
    }

    /// Host and port of `host`, `host:port` or `[address]:port`; `nil` when it is none of these.
    private static func address(_ authority: Substring) -> (String, Int?)? {
        let host: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[...end]
            let address = host.dropFirst().dropLast().utf8
            guard address.contains(UInt8(ascii: ":")), address.allSatisfy(isAddressByte) else { return nil }
        } else {
            host = authority.prefix { $0 != ":" }
            guard !host.isEmpty, !host.hasPrefix("."), !host.contains(".."), host.utf8.allSatisfy(isHostByte) else { return nil }
        }
        let rest = authority[host.endIndex...]
        if rest.isEmpty { return (String(host), nil) }
        let digits = rest.dropFirst()
        guard rest.hasPrefix(":"), digits.utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(digits), (1...65_535).contains(port)
        else { return nil }
        return (String(host), port)
    }

    /// Whether an IPv6 address may hold the byte; whether it is one is found out when it is connected to.
    private static func isAddressByte(_ byte: UInt8) -> Bool {
        Hexadecimal.value(of: byte) != nil || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
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
