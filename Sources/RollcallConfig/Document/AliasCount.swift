/// Counts what looks like a YAML alias before the text is composed.
///
/// Aliases of aliases stand for exponentially many values, and Yams walks all of them when such a value is a key. A handful is let
/// through, to be refused at its own place.
enum AliasCount {
    private static let most = 20

    /// The place of the first `*name` in a text that has too many of them beside an anchor; `nil` for any reasonable file.
    static func placeOfTooMany(in text: String) -> Place? {
        var aliases = 0
        var first: Place?
        var hasAnchor = false
        var place = Place.start
        var before: Unicode.Scalar = " "
        var mark: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if let indicator = mark, isNameScalar(scalar) {
                if indicator == "&" { hasAnchor = true }
                if indicator == "*" {
                    aliases += 1
                    first = first ?? Place(line: place.line, column: place.column - 1)
                }
            }
            mark = (scalar == "*" || scalar == "&") && isBoundary(before) ? scalar : nil
            before = scalar
            place = scalar == "\n" ? Place(line: place.line + 1, column: 1) : Place(line: place.line, column: place.column + 1)
        }
        return hasAnchor && aliases > most ? first : nil
    }

    private static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_" || scalar == "-"
    }

    private static func isBoundary(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "\t", "\r", "\n", "[", "{", ",", ":", "?", "-": true
        default: false
        }
    }
}
