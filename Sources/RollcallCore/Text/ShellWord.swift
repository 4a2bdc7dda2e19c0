extension Text {
    /// The text as one word of a POSIX shell: as it is when a shell reads it so, else in single quotes.
    public var shellWord: String {
        let isPlain = utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "@"), UInt8(ascii: ":"),
                UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: ","):
                true
            default: false
            }
        }
        // An option is no word for anybody's name.
        if isPlain, let first = utf8.first, first != UInt8(ascii: "-") { return string }
        let inner = string.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
        return utf8.first == UInt8(ascii: "-") ? "-- '\(inner)'" : "'\(inner)'"
    }
}

extension Anchor {
    /// The anchor's text as one word of a POSIX shell.
    public var shellWord: String { Text(description).shellWord }
}
