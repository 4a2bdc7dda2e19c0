import RollcallCore

extension Secret {
    /// The text with these bytes and the forms in which a server may repeat them replaced by `(secret)`.
    func redact(_ text: String) -> String {
        let plain = expose { Array($0) }
        // As in a form or a URL, and as PHP writes it in JSON.
        let forms = [
            plain, Array(ScimURL.encoded(plain).utf8), plain.flatMap { $0 == UInt8(ascii: "/") ? [UInt8(ascii: "\\"), $0] : [$0] },
        ]
        let bytes = forms.reduce(Array(text.utf8)) { $0.replacing($1, with: Array("(secret)".utf8)) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension [UInt8] {
    fileprivate func replacing(_ needle: [UInt8], with other: [UInt8]) -> [UInt8] {
        guard let first = needle.first, count >= needle.count else { return self }
        var out: [UInt8] = []
        var place = 0
        while place < count {
            if self[place] == first, self[place...].starts(with: needle) {
                out += other
                place += needle.count
            } else {
                out.append(self[place])
                place += 1
            }
        }
        return out
    }
}
