/// Signs that a name was made to be mistaken for another one.
public enum Lookalike {
    /// Whether the text has letters of at least two of the scripts Latin, Greek and Cyrillic, whose letters share shapes.
    ///
    /// It is a reason for a finding, not proof of ill will. A name wholly in one script, such as Cyrillic `сосо` for Latin
    /// `coco`, is not noticed. Digits, punctuation, marks and letters of other scripts count for nothing.
    public static func isMixedScript(_ text: Text) -> Bool {
        var seen: Script?
        return text.utf8.withUnsafeBufferPointer { bytes in
            var reader = ScalarReader(bytes)
            while let scalar = reader.next() {
                guard let script = script(of: scalar) else { continue }
                if let seen, seen != script { return true }
                seen = script
            }
            return false
        }
    }

    private enum Script {
        case latin
        case greek
        case cyrillic
    }

    /// The script of a letter, by the blocks that hold it.
    private static func script(of scalar: UInt32) -> Script? {
        switch scalar {
        case 0x41...0x5A, 0x61...0x7A: .latin
        case ..<0xAA, 0xD7, 0xF7: nil
        case 0xAA, 0xBA, 0xC0...0x02B8, 0x02E0...0x02E4: .latin
        case 0x0370...0x0373, 0x0376...0x0377, 0x037B...0x037D, 0x037F, 0x0386, 0x0388...0x03E1, 0x03F0...0x03FF: .greek
        case 0x0400...0x0481, 0x048A...0x052F: .cyrillic
        case 0x1C80...0x1C88, 0x1D2B, 0x1D78: .cyrillic
        case 0x1D26...0x1D2A, 0x1D5D...0x1D61, 0x1D66...0x1D6A, 0x1DBF: .greek
        case 0x1D00...0x1DBE, 0x1E00...0x1EFF: .latin
        case 0x1F00...0x1FBC, 0x1FBE, 0x1FC2...0x1FCC, 0x1FD0...0x1FDB, 0x1FE0...0x1FEC, 0x1FF2...0x1FFC, 0x2126: .greek
        case 0x2071, 0x207F, 0x2090...0x209C, 0x212A...0x212B, 0x2132, 0x214E, 0x2160...0x2188, 0x2C60...0x2C7F: .latin
        case 0x2DE0...0x2DFF, 0xA640...0xA66E, 0xA67F...0xA69D: .cyrillic
        case 0xA722...0xA787, 0xA78B...0xA7FF, 0xAB30...0xAB5A, 0xAB5C...0xAB64, 0xFB00...0xFB06: .latin
        case 0xFF21...0xFF3A, 0xFF41...0xFF5A: .latin
        default: nil
        }
    }
}
