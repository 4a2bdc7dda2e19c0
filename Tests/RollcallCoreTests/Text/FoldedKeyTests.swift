import Testing

@testable import RollcallCore

@Suite("Folded keys identify names whatever their case and form")
struct FoldedKeyTests {
    static let same: [(String, String)] = [
        ("Anna", "aNNA"), ("straße", "STRASSE"), ("\u{1E9E}", "ss"), ("\u{212A}im", "kim"), ("\u{212B}sa", "\u{E5}SA"),
        ("Zo\u{EB}", "Zoe\u{308}"), ("\u{FB01}nn", "FINN"), ("ｊａｎ", "jan"), ("an\u{200B}na", "anna"), ("\u{FEFF}anna", "anna"),
        (" anna\u{A0}", "anna"), ("\u{130}", "i\u{307}"), ("\u{3A3}\u{3C2}", "σσ"), ("가", "\u{1100}\u{1161}"),
        ("각", "\u{1100}\u{1161}\u{11A8}"),
        ("a\u{323}\u{307}", "a\u{307}\u{323}"), ("\u{1FB3}", "αι"), ("α\u{345}\u{301}", "\u{1F71}ι"), ("ＡＢ＠Example.ORG", "ab@example.org"),
        ("²", "2"), ("\u{AD}x", "x"), ("\u{200B} x \u{200D}", "x"), ("\u{13A0}", "\u{AB70}"),
    ]
    static let different: [(String, String)] = [
        ("\u{131}", "i"), ("\u{130}", "i"), ("a", "\u{430}"), ("muller", "müller"), ("mueller", "müller"), ("a b", "ab"), ("a.b", "ab"),
        ("o", "0"),
    ]

    @Test("D7: names that a reader calls the same have one key", arguments: same)
    func sameKey(left: String, right: String) {
        #expect(FoldedKey(Text(left)) == FoldedKey(Text(right)))
    }

    @Test("Names that only look alike have two keys", arguments: different)
    func differentKeys(left: String, right: String) {
        #expect(FoldedKey(Text(left)) != FoldedKey(Text(right)))
    }

    @Test("The recorded keys of tricky names are met")
    func recorded() {
        for (name, key) in FoldedKeyFixture.pairs {
            #expect(FoldedKey(Text(name)).bytes == Array(key.utf8), "\(name.unicodeScalars.map { String($0.value, radix: 16) })")
        }
        #expect(FoldedKeyFixture.pairs.count >= 300)
    }

    @Test("Text without anything to see has an empty key", arguments: ["", "  ", "\u{200B}\u{FEFF}", "\u{3164}", "\u{E0041}", " \u{AD} "])
    func nothing(string: String) {
        #expect(FoldedKey(Text(string)).isEmpty)
    }

    @Test("Folding the key of any assigned scalar again changes nothing")
    func idempotentOverScalars() throws {
        let unassigned: Set<Unicode.GeneralCategory> = [.unassigned, .privateUse]
        for scalar in (UInt32(1)...0xE0FFF).lazy.compactMap(Unicode.Scalar.init)
        where !unassigned.contains(scalar.properties.generalCategory) {
            let key = FoldedKey(Text("a\(scalar)b"))
            let text = try #require(Text(key.bytes))
            if FoldedKey(text) != key { Issue.record("U+\(String(scalar.value, radix: 16))") }
        }
    }

    @Test("Folding the key of random text again changes nothing, and never yields invalid UTF-8")
    func idempotentOverStrings() throws {
        let seed: UInt64 = 0xF01D
        var generator = TextTestGenerator(seed: seed)
        let tricky = FoldedKeyFixture.pairs.flatMap { Array($0.0.unicodeScalars) }
        for round in 0..<30_000 {
            let string = generator.string(of: tricky, upTo: 10)
            let key = FoldedKey(Text(string))
            let text = try #require(Text(key.bytes))
            #expect(FoldedKey(text) == key, "seed \(seed), round \(round): \(string.unicodeScalars.map(\.value))")
        }
    }

    @Test("ASCII folds the same by the short way and by the long one")
    func shortWay() {
        let seed: UInt64 = 0xA5C1
        var generator = TextTestGenerator(seed: seed)
        for round in 0..<5_000 {
            let string = generator.string(from: " \tabzAZ@[`{09._-", upTo: 24)
            #expect(FoldedKey(Text(string)).bytes == Folding.key(Array(string.utf8)), "seed \(seed), round \(round): \(string)")
        }
    }

    @Test("A hundred thousand marks on one letter do not take quadratic time", .timeLimit(.minutes(1)))
    func manyMarks() {
        let text = Text("a" + String(repeating: "\u{301}\u{323}", count: 50_000))
        #expect(FoldedKey(text).bytes.count > 100_000)
    }

    @Test("The ignorable scalars are those of the standard library")
    func ignorable() {
        for scalar in (UInt32(0)...0x10FFFF).lazy.compactMap(Unicode.Scalar.init) {
            let expected = scalar.properties.isDefaultIgnorableCodePoint
            if FoldTables.shared.isIgnorable(scalar.value) != expected { Issue.record("U+\(String(scalar.value, radix: 16))") }
        }
    }

    @Test("A stored key is taken as it is, and keys sort by bytes")
    func stored() {
        let key = FoldedKey(Text("Zoë"))
        #expect(FoldedKey(storedBytes: key.bytes) == key)
        #expect(key.description == "zoë")
        #expect(FoldedKey("a") < FoldedKey("B"))
        #expect(FoldedKey.version == 1)
    }
}
