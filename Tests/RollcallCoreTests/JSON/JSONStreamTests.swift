import RollcallTesting
import Testing

@testable import RollcallCore

@Suite("JSON that comes in pieces is cut into resources")
struct JSONStreamTests {
    /// What came of a text that was fed in pieces of `size` bytes: the resources, then what stood around them or the fault.
    private func read(_ bytes: [UInt8], _ form: JSONStream.Form = .document, size: Int, limits: JSONLimits = JSONLimits()) -> String {
        var found: [String] = []
        let stream = JSONStream(form, limits: limits) { _, text, _ in found.append(String(decoding: text, as: UTF8.self)) }
        var fault = ""
        do throws(JSONFault) {
            var start = 0
            while start < bytes.count {
                let end = min(start + size, bytes.count)
                try bytes[start..<end].withUnsafeBufferPointer { (piece) throws(JSONFault) in try stream.feed(piece) }
                start = end
            }
            try stream.finish()
        } catch {
            fault = " \(error.kind)"
        }
        let envelope = stream.envelope
        return found.joined(separator: "|")
            + " total \(envelope.totalResults.map(String.init) ?? "-") next \(envelope.nextCursor.map(\.string) ?? "-")\(envelope.isBare ? " bare" : "")\(fault)"
    }

    private static let documents: [(String, JSONStream.Form, String)] = [
        (#"{"totalResults":2,"Resources":[{"id":"1"},{"id":"2"}]}"#, .document, #"{"id":"1"}|{"id":"2"} total 2 next -"#),
        (#"{"Resources" : [ {"id":"1"} , 7 ] , "totalResults" : "2", "x":[1,[2]]}"#, .document, #"{"id":"1"}|7 total 2 next -"#),
        (#"{"totalResults":0}"#, .document, " total 0 next -"), (#"{"totalResults":0,"Resources":null}"#, .document, " total 0 next -"),
        (#"{"totalResults":100.0,"Resources":[]}"#, .document, " total 100 next -"),
        (#"{"totalResults":1e2,"Resources":[],"startIndex":null,"nextCursor":null}"#, .document, " total 100 next -"),
        (#"{"Resources":[],"nextCursor":""}"#, .document, " total - next -"),
        (#"{"Resources":[],"nextCursor":7}"#, .document, " total - next 7"),
        (#"{"Resources":[],"nextCursor":false}"#, .document, " total - next - malformed"),
        (#"{"Resources":[],"nextCursor":{"value":"a"}}"#, .document, " total - next - malformed"),
        (#"{"Resources":[],"nextCursor":"a\ud800"}"#, .document, " total - next - malformed"),
        (#"{"Resources":[],"totalResults":"many"}"#, .document, " total - next - malformed"),
        (#"{"Resources":[],"totalResults":1.5}"#, .document, " total - next - malformed"),
        (#"{"Resources":[],"totalResults":1e400}"#, .document, " total - next - malformed"),
        (#"{"Resources":[],"totalResults":"nan"}"#, .document, " total - next - malformed"),
        (#"{"Resources":[],"totalResults":[2]}"#, .document, " total - next - malformed"),
        (#"{"Resources":[],"startIndex":true}"#, .document, " total - next - malformed"),
        (#"{"Resources":[],"itemsPerPage":"all"}"#, .document, " total - next -"),
        (#"{"Resources":{},"totalResults":1}"#, .document, " total - next - malformed"),
        (#"{"resources":[],"nextCursor":"a+/="}"#, .document, " total - next a+/="), ("{}", .document, " total - next -"),
        ("[]", .document, " total - next - bare"), (#" [{"id":1},[]] "#, .document, #"{"id":1}|[] total - next - bare"#),
        ("\u{FEFF}[1]", .document, "1 total - next - bare"), ("[1] x", .document, "1 total - next - bare malformed"),
        ("[1]]", .document, "1 total - next - bare malformed"),
        ("<html>", .document, " total - next - malformed"), ("12", .document, " total - next - malformed"),
        ("", .document, " total - next - unfinished"),
        ("   ", .document, " total - next - unfinished"), (#"{"Resources":[{"id":1}"#, .document, #"{"id":1} total - next - unfinished"#),
        (#"{"Resources":[{"id":1},"#, .document, #"{"id":1} total - next - unfinished"#),
        (#"{"Resources":[]"#, .document, " total - next - unfinished"),
        (#"{"Resources":[],"resources":[]}"#, .document, " total - next - malformed"),
        (#"{"totalResults":1,"totalresults":2}"#, .document, " total 1 next - malformed"),
        (#"{"Resources":[1,]}"#, .document, "1 total - next - malformed"),
        (#"{"Resources":[1 2]}"#, .document, "1 total - next - malformed"),
        (#"{"Resources":[],}"#, .document, " total - next - malformed"), (#"{"a" 1}"#, .document, " total - next - malformed"),
        ("{\"id\":1}\n{\"id\":2}\n", .lines, #"{"id":1}|{"id":2} total - next -"#), ("{\"id\":1}", .lines, #"{"id":1} total - next -"#),
        ("", .lines, " total - next -"),
        ("{\"id\":1}\n{\"id\":", .lines, #"{"id":1} total - next - unfinished"#),
        ("{\"id\":1}\nx", .lines, #"{"id":1} total - next - malformed"#),
    ]

    @Test("The same comes of it however it was cut into pieces", arguments: [1, 2, 3, 7, 1000])
    func pieces(_ size: Int) {
        for (text, form, expected) in JSONStreamTests.documents {
            #expect(read(Array(text.utf8), form, size: size) == expected, "\(text) in pieces of \(size)")
        }
    }

    @Test(
        "UTF-16 is told from UTF-8",
        arguments: [[0xFF, 0xFE, 0x7B, 0x00], [0xFE, 0xFF, 0x00, 0x7B], [0x7B, 0x00, 0x7D, 0x00], [0x00, 0x7B, 0x00, 0x7D]] as [[UInt8]])
    func otherEncodings(_ bytes: [UInt8]) {
        #expect(read(bytes, size: 1).hasSuffix("malformed"))
        #expect(read(bytes, size: 100).hasSuffix("malformed"))
    }

    @Test("A value larger than is accepted ends the reading before it is held")
    func tooLarge() {
        var limits = JSONLimits()
        limits.bytes = 1000
        let text = "[{\"id\":\"" + String(repeating: "x", count: 5000) + "\"}]"
        for size in [1, 100, 10_000] { #expect(read(Array(text.utf8), size: size, limits: limits).hasSuffix("tooLarge")) }
        let many = "[" + Array(repeating: "{\"id\":\"\(String(repeating: "y", count: 900))\"}", count: 20).joined(separator: ",") + "]"
        #expect(read(Array(many.utf8), size: 64, limits: limits).hasSuffix("bare"))
    }

    @Test("A resource of megabytes comes whole from small pieces")
    func large() {
        let members = (0..<50_000).map { "{\"value\":\"\($0)\"}" }.joined(separator: ",")
        let text = "{\"Resources\":[{\"id\":\"g\",\"members\":[\(members)]}],\"totalResults\":1}"
        #expect(read(Array(text.utf8), size: 16 << 10).hasSuffix("] total 1 next -") == false)
        #expect(read(Array(text.utf8), size: 16 << 10).hasSuffix("}]} total 1 next -"))
    }

    @Test("Random bytes and random cuts of a list never do more than fail")
    func random() {
        var random = SeededRandom(20_261_122)
        let list = Array(
            #"{"schemas":["a"],"totalResults":2,"Resources":[{"id":"1","n":-1.5e3,"s":"\ud83d\ude00\n"},{"id":"2","a":[true,null]}]}"#.utf8)
        var whole = 0
        for _ in 0..<20_000 {
            var bytes = list
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(Array("{}[]\",:\\".utf8)[Int.random(in: 0..<8, using: &random)], at: place)
                }
            }
            let size = Int.random(in: 1...60, using: &random)
            let cut = read(bytes, size: size)
            #expect(cut == read(bytes, size: 1000), "\(String(decoding: bytes, as: UTF8.self)) in pieces of \(size)")
            if !cut.contains("malformed"), !cut.contains("unfinished") { whole += 1 }
        }
        #expect(whole > 1000)
    }
}
