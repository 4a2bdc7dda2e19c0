extension Lookalike {
    /// What a name looks like: two names with one skeleton are easily taken for each other, whatever scripts they are written in.
    ///
    /// Case, accents, invisible characters and kinds of blanks count for nothing, and letters of Greek and Cyrillic and a few digits
    /// count as the Latin letters that they look like in small or capital form. It is no key: names that differ may share it by right.
    public static func skeleton(of name: Text) -> [UInt8] {
        let tables = FoldTables.shared
        var shape: [UInt8] = []
        var isAfterBlank = true
        for scalar in Folding.decomposed(name.utf8, tables) where tables.combiningClass(scalar) == 0 && !tables.isIgnorable(scalar) {
            let isBlank =
                scalar == 0x20 || (0x09...0x0D).contains(scalar) || scalar == 0x85 || scalar == 0xA0 || scalar == 0x1680
                || (0x2000...0x200A).contains(scalar) || scalar == 0x2028 || scalar == 0x2029 || scalar == 0x202F || scalar == 0x205F
                || scalar == 0x3000
            if isBlank {
                if !isAfterBlank { shape.append(0x20) }
                isAfterBlank = true
                continue
            }
            isAfterBlank = false
            append(scalar, to: &shape)
        }
        if shape.last == 0x20 { shape.removeLast() }
        return shape
    }

    private static func append(_ scalar: UInt32, to shape: inout [UInt8]) {
        guard let latin = shapes[scalar] else {
            if let scalar = Unicode.Scalar(scalar) { shape.append(contentsOf: String(scalar).utf8) }
            return
        }
        shape.append(latin)
        // Two letters that look like one.
        if shape.suffix(2).elementsEqual("rn".utf8) { shape.replaceSubrange((shape.count - 2)..., with: "m".utf8) }
        if shape.suffix(2).elementsEqual("vv".utf8) { shape.replaceSubrange((shape.count - 2)..., with: "w".utf8) }
    }

    /// The Latin letter that a folded character looks like.
    private static let shapes: [UInt32: UInt8] = {
        var shapes: [UInt32: UInt8] = [:]
        for letter in UInt8(ascii: "a")...UInt8(ascii: "z") { shapes[UInt32(letter)] = letter }
        let pairs: [(String, String)] = [
            // One small l stands for what looks like a stroke.
            ("i", "l"), ("1", "l"), ("|", "l"), ("0", "o"), ("ı", "l"), ("ł", "l"), ("ø", "o"), ("đ", "d"), ("ħ", "h"), ("ŧ", "t"),
            // Cyrillic
            ("а", "a"), ("в", "b"), ("е", "e"), ("к", "k"), ("м", "m"), ("н", "h"), ("о", "o"), ("р", "p"), ("с", "c"), ("т", "t"),
            ("у", "y"), ("х", "x"), ("і", "l"), ("ј", "j"), ("ѕ", "s"), ("ԁ", "d"), ("ԛ", "q"), ("ԝ", "w"), ("һ", "h"), ("ӏ", "l"),
            ("п", "n"), ("ѵ", "v"), ("ԍ", "g"),
            // Greek
            ("α", "a"), ("β", "b"), ("ε", "e"), ("ζ", "z"), ("η", "h"), ("ι", "l"), ("κ", "k"), ("μ", "m"), ("ν", "v"), ("ο", "o"),
            ("ρ", "p"), ("τ", "t"), ("υ", "y"), ("χ", "x"), ("γ", "y"), ("ω", "w"), ("σ", "o"), ("ς", "s"),
        ]
        for (from, to) in pairs {
            if let scalar = from.unicodeScalars.first, let byte = to.utf8.first { shapes[scalar.value] = byte }
        }
        return shapes
    }()
}
