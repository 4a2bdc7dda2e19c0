import Testing

@testable import RollcallCore

@Suite("JSON is read into a tree")
struct JSONTreeTests {
    /// Reads a text and shows what came of it; the message of the fault when it is none.
    private func read(_ text: String, limits: JSONLimits = JSONLimits()) -> String {
        read(Array(text.utf8), limits: limits)
    }

    private func read(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) -> String {
        let tree = JSONTree(limits)
        return bytes.withUnsafeBufferPointer { text in
            do throws(JSONFault) {
                let end = try tree.read(text, from: 0)
                return shown(tree.root) + (end == text.count ? "" : " +\(text.count - end)")
                    + (tree.repeatedName.map { " twice \($0)" } ?? "")
            } catch {
                return "\(error.kind)@\(error.offset)"
            }
        }
    }

    private func shown(_ element: JSONElement) -> String {
        switch element.kind {
        case .null: return "null"
        case .boolean(let value): return "\(value)"
        case .number: return element.withBytes { String(decoding: $0, as: UTF8.self) }
        case .string: return (element.isFlawed ? "!" : "") + "'" + element.withBytes { String(decoding: $0, as: UTF8.self) } + "'"
        case .array:
            var parts: [String] = []
            element.forEachElement {
                parts.append(shown($0))
                return true
            }
            return "[" + parts.joined(separator: " ") + "]"
        case .object:
            var parts: [String] = []
            element.forEachMember { name, value in parts.append(String(decoding: name, as: UTF8.self) + ":" + shown(value)) }
            return "{" + parts.joined(separator: " ") + "}"
        }
    }

    @Test(
        "Every value of RFC 8259 is read",
        arguments: [
            ("{}", "{}"), ("[]", "[]"), ("[ ]", "[]"), ("{ }", "{}"), ("[1,2 , 3]", "[1 2 3]"), ("\"a\"", "'a'"),
            (" \t\r\n[null]", "[null]"),
            ("[true,false,null]", "[true false null]"), ("{\"a\":{\"b\":[{}]},\"c\":\"\"}", "{a:{b:[{}]} c:''}"),
            ("[0,-0,-1.5e+10,1E3,12345678901234567890]", "[0 -0 -1.5e+10 1E3 12345678901234567890]"),
            (#"["\"\\\/\b\f\n\r\t\u00e4"]"#, "['\"\\/\u{8}\u{c}\n\r\tä']"), (#"["\ud83d\ude00"]"#, "['😀']"), ("[\"ä€😀\"]", "['ä€😀']"),
            (#"{"\u0061":1}"#, "{a:1}"), ("[[],[[]]] ", "[[] [[]]] +1"),
        ])
    func values(_ text: String, _ expected: String) {
        #expect(read(text) == expected)
    }

    @Test(
        "What is no JSON is refused, with its place",
        arguments: [
            ("[1,]", "malformed@3"), ("[,1]", "malformed@1"), ("{\"a\"}", "malformed@4"), ("{\"a\":}", "malformed@5"),
            ("{a:1}", "malformed@1"),
            ("[01]", "malformed@1"), ("[1.]", "malformed@1"), ("[1e]", "malformed@1"), ("[-]", "malformed@1"), ("[+1]", "malformed@1"),
            ("[.5]", "malformed@1"),
            ("[tru]", "malformed@1"), ("[nul", "unfinished@4"), ("['a']", "malformed@1"), ("[1 2]", "malformed@3"),
            ("{\"a\":1,}", "malformed@7"),
            ("[}", "malformed@1"), ("{]", "malformed@1"), ("[\"\n\"]", "malformed@2"), (#"["\x"]"#, "malformed@3"),
            (#"["\u12g4"]"#, "malformed@4"),
            ("[NaN]", "malformed@1"), ("", "unfinished@0"), ("[", "unfinished@1"), ("[\"a", "unfinished@3"), (#"["a\"#, "unfinished@4"),
            ("[1", "unfinished@2"),
            ("12", "unfinished@2"), ("{\"a\":[1,{\"b\"", "unfinished@12"),
        ])
    func faults(_ text: String, _ expected: String) {
        #expect(read(text) == expected)
    }

    @Test(
        "Text that is none is marked and does not end the reading",
        arguments: [
            ([0x22, 0xFF, 0x22], true), ([0x22, 0xC0, 0x80, 0x22], true), ([0x22, 0xED, 0xA0, 0x80, 0x22], true),
            ([0x22, 0xC3, 0xA4, 0x22], false),
            (Array(#""\u0000""#.utf8), true), (Array(#""\ud800""#.utf8), true), (Array(#""\udc00\ud800""#.utf8), true),
            (Array(#""\ud800\u0041""#.utf8), true),
            (Array(#""\u0001""#.utf8), false),
        ] as [([UInt8], Bool)])
    func flaws(_ bytes: [UInt8], _ isFlawed: Bool) {
        let tree = JSONTree()
        let found: Bool? = bytes.withUnsafeBufferPointer { text in
            (try? tree.read(text, from: 0)).map { _ in tree.root.isFlawed }
        }
        #expect(found == isFlawed)
        if isFlawed { #expect(tree.root.text == nil) }
    }

    @Test(
        "A name that is there twice is found, whatever its letter case and wherever it is",
        arguments: [
            (#"{"a":1,"b":2}"#, nil), (#"{"a":1,"A":2}"#, "A"), (#"{"a":{"x":1,"y":{"q":1,"q":2}},"b":2}"#, "q"),
            (#"{"\u0061":1,"a":2}"#, "a"), (#"[{"a":1},{"a":2}]"#, nil), (#"{"userName":1,"x":2,"username":3}"#, "username"),
            (#"{"a":1,"ab":1,"abc":1,"abcdefgh":1,"abcdefghi":1,"abcdefgi":1}"#, nil),
        ])
    func repeats(_ text: String, _ expected: String?) {
        let tree = JSONTree()
        Array(text.utf8).withUnsafeBufferPointer { text in
            #expect(throws: Never.self) { try tree.read(text, from: 0) }
        }
        #expect(tree.repeatedName == expected)
    }

    @Test("Names of an object with thousands of members that look alike are compared without comparing all with all")
    func manyNames() {
        let names = (0..<200_000).map { "\"aaaaaaaa\(String($0 + 1_000_000))bbbbbbbb\":0" }
        let once = read("{" + names.joined(separator: ",") + "}")
        #expect(!once.contains("twice") && once.hasPrefix("{aaaaaaaa"))
        #expect(read("{" + (names + [names[77]]).joined(separator: ",") + "}").hasSuffix("twice aaaaaaaa1000077bbbbbbbb"))
    }

    @Test("Depth, number of values and size have limits")
    func limits() {
        var limits = JSONLimits()
        limits.depth = 3
        #expect(read("[[[1]]]", limits: limits) == "[[[1]]]")
        #expect(read("[[[[1]]]]", limits: limits) == "tooLarge@3")
        #expect(read(String(repeating: "[", count: 100_000)) == "tooLarge@32")
        #expect(read(String(repeating: "{\"a\":", count: 100_000)).hasPrefix("tooLarge"))
        limits.values = 300
        #expect(read("[" + Array(repeating: "1", count: 290).joined(separator: ",") + "]", limits: limits).hasPrefix("[1 1"))
        #expect(read("[" + Array(repeating: "1", count: 400).joined(separator: ",") + "]", limits: limits).hasPrefix("tooLarge"))
        limits.bytes = 100
        #expect(read("[\"" + String(repeating: "x", count: 200) + "\"]", limits: limits).hasPrefix("tooLarge"))
    }

    @Test("Members are found by name, letter case aside")
    func members() throws {
        let tree = JSONTree()
        try Array(#"{"userName":"ann","urn:x:Y":{"a":1},"n":"12","m":13,"u":"-7"}"#.utf8).withUnsafeBufferPointer { text in
            _ = try tree.read(text, from: 0)
            #expect(tree.root.member("username")?.text == "ann")
            #expect(tree.root.member("USERNAME")?.text == "ann")
            #expect(tree.root.member("urn:x:y")?.member("A")?.wholeNumber == 1)
            #expect(
                tree.root.member("n")?.wholeNumber == 12 && tree.root.member("m")?.wholeNumber == 13
                    && tree.root.member("u")?.wholeNumber == -7)
            #expect(tree.root.member("userNam") == nil && tree.root.member("") == nil)
            #expect(tree.root.member("username")?.member("x") == nil && tree.root.count == 5)
        }
    }
}
