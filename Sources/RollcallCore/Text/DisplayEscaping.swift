/// Makes text from outside safe to show where characters can act.
public enum DisplayEscaping {
    /// The text with everything that could act on a terminal, or hide, written as `\u{202E}`.
    ///
    /// Escaped are control characters (C0, DEL, C1), line and paragraph separators, marks and overrides of direction,
    /// zero-width and other default-ignorable scalars (variation selectors and tags among them), interlinear annotations and
    /// noncharacters. So nothing from upstream can move a cursor, colour text, break a line or reorder what follows it.
    /// Emoji joined by invisible scalars therefore fall apart.
    ///
    /// A backslash stays as it is, so the result is for reading, not for parsing back: text that held `\u{1B}` as six
    /// ordinary characters looks the same as an escape character.
    public static func escapedForTerminal(_ text: Text) -> String {
        escaped(text.utf8).map { String(decoding: $0, as: UTF8.self) } ?? text.string
    }

    /// The string with everything that could act on a terminal, or hide, written as `\u{202E}`; NUL included.
    public static func escapedForTerminal(_ string: String) -> String {
        escaped(Array(string.utf8)).map { String(decoding: $0, as: UTF8.self) } ?? string
    }

    /// The bytes with escapes, or `nil` when there is nothing to escape.
    private static func escaped(_ bytes: [UInt8]) -> [UInt8]? {
        guard !bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        let tables = FoldTables.shared
        return bytes.withUnsafeBufferPointer { bytes in
            var out: [UInt8] = []
            var kept = 0
            var reader = ScalarReader(bytes)
            while true {
                let start = reader.offset
                guard let scalar = reader.next() else { break }
                guard isActive(scalar, tables) else { continue }
                out.append(contentsOf: bytes[kept..<start])
                out.append(contentsOf: "\\u{\(String(scalar, radix: 16, uppercase: true))}".utf8)
                kept = reader.offset
            }
            guard kept > 0 else { return nil }
            out.append(contentsOf: bytes[kept...])
            return out
        }
    }

    private static func isActive(_ scalar: UInt32, _ tables: FoldTables) -> Bool {
        switch scalar {
        case 0x20...0x7E: false
        case ..<0xA0: true
        case 0x2028...0x202E, 0x2066...0x2069, 0xFFF9...0xFFFB, 0xFDD0...0xFDEF: true
        default: scalar & 0xFFFE == 0xFFFE || tables.isIgnorable(scalar)
        }
    }
}
