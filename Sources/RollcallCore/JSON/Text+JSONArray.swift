extension Text {
    /// A JSON array of strings, RFC 8259.
    public init(jsonArray texts: [Text]) {
        var bytes = Array("[".utf8)
        for (index, text) in texts.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            text.utf8.withUnsafeBytes { ExtraFields.quote($0, into: &bytes) }
        }
        bytes.append(UInt8(ascii: "]"))
        self.init(unchecked: bytes)
    }
}
