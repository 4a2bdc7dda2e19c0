extension String {
    /// The text as one word of a POSIX shell: as it is when a shell reads it so, else in single quotes.
    public var shellQuoted: String {
        let isPlain = utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "@"), UInt8(ascii: ":"),
                UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: ","):
                true
            default: false
            }
        }
        return isPlain && !isEmpty ? self : inSingleQuotes
    }

    fileprivate var inSingleQuotes: String {
        "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}

extension Text {
    /// The text as one word of a POSIX shell that no command takes for an option, whatever name it is.
    public var shellWord: String {
        utf8.first == UInt8(ascii: "-") ? "-- " + string.inSingleQuotes : string.shellQuoted
    }
}

extension Anchor {
    /// The anchor's text as one word of a POSIX shell.
    public var shellWord: String { Text(description).shellWord }
}
