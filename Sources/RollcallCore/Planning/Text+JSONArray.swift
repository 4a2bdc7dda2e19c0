extension Text {
    /// A JSON array of strings, RFC 8259.
    public init(jsonArray texts: [Text]) {
        let quoted = texts.map { text in
            var fields = ExtraFields()
            fields[.empty] = text
            // `{"":"value"}` without its braces and name.
            return fields.json.map { String($0.string.dropFirst(4).dropLast(1)) } ?? "\"\""
        }
        self.init("[" + quoted.joined(separator: ",") + "]")
    }
}
