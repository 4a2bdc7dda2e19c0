/// A place in the text of a pattern or template, counted in Unicode scalars.
struct PatternCursor {
    private let scalars: [Unicode.Scalar]
    private(set) var offset = 0

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    /// The scalar that comes next, or `nil` at the end.
    var peek: Unicode.Scalar? { offset < scalars.count ? scalars[offset] : nil }

    /// Steps over the scalar that comes next and returns it.
    mutating func next() -> Unicode.Scalar? {
        guard let scalar = peek else { return nil }
        offset += 1
        return scalar
    }

    /// Steps over the scalar when it comes next.
    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        offset += 1
        return true
    }

    /// Steps over a name (ASCII letters, digits and `_`, no digit first) and returns it, empty when there is none.
    mutating func takeName() -> String {
        var name = String.UnicodeScalarView()
        while let scalar = peek, ScalarSet.word.contains(scalar.value), !(name.isEmpty && ScalarSet.digits.contains(scalar.value)) {
            name.append(scalar)
            offset += 1
        }
        return String(name)
    }

    /// Steps over digits and returns their number, at most a million, or `nil` when there are none.
    mutating func takeNumber() -> Int? {
        var number: Int?
        while let scalar = peek, ScalarSet.digits.contains(scalar.value) {
            number = min((number ?? 0) * 10 + Int(scalar.value) - 48, 1_000_000)
            offset += 1
        }
        return number
    }

    /// An error at a place, by default at the scalar that comes next.
    func error(_ message: String, at place: Int? = nil) -> PatternSyntaxError {
        PatternSyntaxError(offset: place ?? offset, message: message)
    }
}
