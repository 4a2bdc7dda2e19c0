import Testing

@testable import RollcallCore

@Suite("Text holds valid UTF-8 without NUL and compares it by bytes")
struct TextTests {
    static let invalid: [[UInt8]] = [
        [0x00], [0x61, 0x00, 0x62], [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x9F, 0xBF],
        [0xE0, 0xA0], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xEF, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80],
        [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xFE], [0xF0, 0x9F, 0x98], Array("12345678".utf8) + [0x00],
        Array("1234567".utf8) + [0x00] + Array("12345678".utf8), Array("12345678".utf8) + [0xC3],
    ]

    @Test("Bytes that are not UTF-8, and NUL, are refused", arguments: invalid)
    func refusal(bytes: [UInt8]) {
        #expect(Text(bytes) == nil)
        #expect(Text(bytes[...]) == nil)
        #expect(Text(AnyCollection(bytes)) == nil)
        #expect(bytes.withUnsafeBufferPointer { Text($0) } == nil)
    }

    @Test(
        "The first and last scalar of every length are kept",
        arguments: ["", "\u{1}\u{7F}", "\u{80}\u{7FF}", "\u{800}\u{FFFF}", "\u{D7FF}\u{E000}", "\u{10000}\u{10FFFF}", "12345678é12345678"])
    func boundaries(string: String) throws {
        let text = try #require(Text(Array(string.utf8)))
        #expect(text.string.utf8.elementsEqual(string.utf8))
        #expect(text == Text(string))
        #expect(Text(AnyCollection(text.utf8)) == text)
        #expect(Text(text.utf8[...]) == text)
        #expect(text.utf8.withUnsafeBufferPointer { Text($0) } == text)
        #expect(text.isEmpty == string.isEmpty)
    }

    @Test("Validity agrees with the standard library on random bytes")
    func validity() {
        let seed: UInt64 = 0x7E57
        var generator = TextTestGenerator(seed: seed)
        for round in 0..<20_000 {
            var bytes = generator.bytes(upTo: 24)
            if round % 2 == 0 {
                bytes = Array(generator.string(of: ["é", "\u{10FFFF}", "a"], upTo: 8).utf8)
                if let place = bytes.indices.randomElement(using: &generator), round % 4 == 0 {
                    bytes[place] = UInt8.random(in: 0...255, using: &generator)
                }
            }
            let expected = String(validating: bytes, as: UTF8.self) != nil && !bytes.contains(0)
            #expect((Text(bytes) != nil) == expected, "seed \(seed), round \(round): \(bytes)")
        }
    }

    @Test("NUL in a string becomes the replacement character")
    func replacement() {
        #expect(Text("a\0b").utf8 == Array("a\u{FFFD}b".utf8))
    }

    @Test("Canonically equivalent texts stay apart")
    func identity() {
        #expect(Text("\u{E9}") != Text("e\u{301}"))
        #expect(Text("\u{212A}") != Text("K"))
        #expect(Set([Text("\u{E9}"), Text("e\u{301}")]).count == 2)
    }

    @Test("Order is by bytes, a beginning before the whole")
    func order() {
        let seed: UInt64 = 0x0DE2
        var generator = TextTestGenerator(seed: seed)
        for round in 0..<5_000 {
            let left = Text(generator.string(from: "ab\u{7F}é", upTo: 20))
            let right = Text(generator.string(from: "ab\u{7F}é", upTo: 20))
            #expect((left < right) == left.utf8.lexicographicallyPrecedes(right.utf8), "seed \(seed), round \(round)")
            #expect((left == right) == (!(left < right) && !(right < left)))
        }
        #expect(Text("aaaaaaaa") < "aaaaaaaaa")
        #expect(Text("aaaaaaab") > "aaaaaaaaa")
    }

    static let trimmed: [(String, String)] = [
        ("", ""), (" ", ""), ("a", "a"), (" \t\r\na b\u{B}\u{C} ", "a b"), ("\u{A0}a\u{2003}", "a"),
        ("\u{3000}\u{1680}é\u{202F}\u{205F}", "é"),
        ("\u{85}\u{2028}x\u{2029}", "x"), ("\u{200B}x\u{FEFF}", "\u{200B}x\u{FEFF}"), ("à", "à"), ("\u{2003}", ""),
        ("x\u{2002}y", "x\u{2002}y"),
        ("\u{E80}", "\u{E80}"), ("\u{1F600} ", "\u{1F600}"),
    ]

    @Test("White space is trimmed at both ends and nowhere else", arguments: trimmed)
    func trimming(from: String, to: String) {
        #expect(Text(from).trimmed() == Text(to))
    }

    @Test("Every scalar is trimmed exactly when Unicode calls it white space")
    func whiteSpace() {
        for scalar in (UInt32(1)...0x10FFFF).lazy.compactMap(Unicode.Scalar.init) {
            let text = Text("\(scalar)x\(scalar)")
            let expected = scalar.properties.isWhitespace ? "x" : text
            if text.trimmed() != expected { Issue.record("U+\(String(scalar.value, radix: 16))") }
        }
    }

    @Test("Joining and describing keep the bytes")
    func joining() {
        #expect((Text("e") + Text("\u{301}")).utf8 == [0x65, 0xCC, 0x81])
        #expect("\(Text("x y"))" == "x y")
    }
}
