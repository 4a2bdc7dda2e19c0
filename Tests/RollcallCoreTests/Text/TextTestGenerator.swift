/// Random numbers that a seed determines (splitmix64), for the property tests of text, times and patterns.
struct TextTestGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Bytes of which about half are ASCII.
    mutating func bytes(upTo longest: Int) -> [UInt8] {
        let mask: UInt8 = Bool.random(using: &self) ? 0x7F : 0xFF
        return (0..<Int.random(in: 0...longest, using: &self)).map { _ in UInt8.random(in: 0...255, using: &self) & mask }
    }

    /// A string made of the scalars given, other scalars of the first plane and marks.
    mutating func string(of scalars: [Unicode.Scalar], upTo longest: Int) -> String {
        var view = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...longest, using: &self) {
            let any = Unicode.Scalar(UInt32.random(in: 1...0xFFFF, using: &self))
            let mark = Unicode.Scalar(UInt32.random(in: 0x0300...0x036F, using: &self))
            let known = scalars.randomElement(using: &self)
            view.append([any, mark, known, known].randomElement(using: &self).flatMap { $0 } ?? "x")
        }
        return String(view)
    }

    /// A string of the ASCII characters given.
    mutating func string(from characters: String, upTo longest: Int) -> String {
        let all = Array(characters)
        return String((0..<Int.random(in: 0...longest, using: &self)).compactMap { _ in all.randomElement(using: &self) })
    }
}
