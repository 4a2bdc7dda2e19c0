import Foundation
import RollcallCore
import Testing

@testable import RollcallReport

@Suite("The JSON that Rollcall writes and reads is RFC 8259")
struct JSONParserTests {
    private func value(_ text: String) throws -> JSONValue { try JSONParser.value(of: Array(text.utf8)) }

    @Test("values of every kind are read")
    func values() throws {
        #expect(
            try value(" [1, -2, 0, 1.5, 1e3, true, false, null] ")
                == .array([.integer(1), .integer(-2), .integer(0), .number("1.5"), .number("1e3"), .bool(true), .bool(false), .null]))
        #expect(try value(#"{"a": {"b": "c\n\"\\\/\u00e9\ud83d\udc69"}}"#)["a"]?["b"]?.string == "c\n\"\\/é👩")
        #expect(try value("9223372036854775808") == .number("9223372036854775808"))
    }

    @Test(
        "what is no JSON is refused",
        arguments: [
            "", " ", "{", "[1,]", "{\"a\":1,}", "01", "1.", "1e", "-", "+1", "\"", "\"\\x\"", "\"\\ud83d\"", "\"\\ud83dx\"", "\"\\udc00\"",
            "\"\\u12\"", "\"\n\"", "tru", "nul", "[1 2]", "{1:2}", "{\"a\" 1}", "1 1", "'a'", "NaN",
        ])
    func refused(_ text: String) {
        #expect(throws: JSONParser.Failure.self) { try value(text) }
    }

    @Test("depth and number of values are capped, and bytes that are no UTF-8 refused")
    func caps() {
        #expect(throws: JSONParser.Failure.self) { try value(String(repeating: "[", count: 100_000)) }
        #expect(throws: JSONParser.Failure.self) { try value("[" + String(repeating: "0,", count: 200_000) + "0]") }
        #expect(throws: JSONParser.Failure.self) { try JSONParser.value(of: [0x22, 0xFF, 0x22]) }
    }

    @Test("arbitrary bytes never trap, and what both read both read alike")
    func fuzz() {
        let alphabet = Array("{}[]\",:\\u0123456789aeftnrl -+.\u{7F}é".utf8)
        for seed in 0..<20_000 {
            var random = SeededRandom(UInt64(seed))
            let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            _ = try? JSONParser.value(of: bytes)
        }
    }

    @Test("every scalar survives writing and reading")
    func scalars() throws {
        for plane in [0, 0x1000, 0x2000, 0x3000, 0xD000, 0xE000, 0xF000, 0x10000, 0x1F000, 0xE0000, 0x10F000] {
            let text = String(String.UnicodeScalarView((plane..<plane + 0x1000).compactMap { Unicode.Scalar(UInt32($0)) }))
            var writer = JSONWriter()
            writer.value(text)
            let read = try JSONParser.value(of: writer.gathered).string
            #expect(read.map { Array($0.utf8) } == Array(text.utf8), "from \(plane)")
        }
    }

    @Test("layout: objects over lines, inline ones on one, empty ones closed at once")
    func layout() {
        var json = JSONWriter()
        json.beginObject()
        json.member("a", 1)
        json.name("b")
        json.beginArray()
        json.beginObject(inline: true)
        json.member("c", "d")
        json.member("e", true)
        json.endObject()
        json.endArray()
        json.name("f")
        json.beginArray()
        json.endArray()
        json.endObject()
        #expect(
            String(decoding: json.gathered, as: UTF8.self) == """
                {
                  "a": 1,
                  "b": [
                    {"c": "d", "e": true}
                  ],
                  "f": []
                }
                """)
    }
}
