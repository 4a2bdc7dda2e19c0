/// The arithmetic that takes Hangul syllables apart and puts them together (Unicode, chapter 3.12).
enum Hangul {
    private static let syllables: UInt32 = 0xAC00
    private static let leading: UInt32 = 0x1100
    private static let vowels: UInt32 = 0x1161
    /// One before the first trailing consonant, so that 0 stands for none.
    private static let trailing: UInt32 = 0x11A7

    /// Whether the scalar is one of the 11,172 precomposed syllables.
    static func isSyllable(_ scalar: UInt32) -> Bool {
        scalar &- syllables < 11_172
    }

    /// Appends the two or three letters of a syllable.
    static func appendLetters(of syllable: UInt32, to scalars: inout [UInt32]) {
        let index = syllable &- syllables
        scalars.append(leading &+ index / 588)
        scalars.append(vowels &+ index % 588 / 28)
        if index % 28 != 0 { scalars.append(trailing &+ index % 28) }
    }

    /// The syllable of a leading consonant and a vowel, or of a syllable without a trailing consonant and such a consonant.
    @inline(__always)
    static func composition(_ first: UInt32, _ second: UInt32) -> UInt32? {
        guard second &- vowels < 98 else { return nil }
        if first &- leading < 19, second &- vowels < 21 {
            return syllables &+ (first &- leading) &* 588 &+ (second &- vowels) &* 28
        }
        if isSyllable(first), (first &- syllables) % 28 == 0, second > trailing, second &- trailing < 28 {
            return first &+ (second &- trailing)
        }
        return nil
    }
}
