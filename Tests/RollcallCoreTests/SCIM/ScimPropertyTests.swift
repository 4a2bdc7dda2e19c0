import Testing

@testable import RollcallCore

@Suite("Any SCIM filter or path")
struct ScimPropertyTests {
    /// Makes filters that are well-formed and written in an unruly way.
    private struct Maker {
        var random: DirectoryTestRandom

        mutating func pick(_ choices: String...) -> String { choices.randomElement(using: &random) ?? "" }

        mutating func space() -> String { pick(" ", " ", "  ", "\n", "\t ") }

        mutating func attribute() -> String {
            pick(
                "userName", "Active", "name.familyName", "emails", "emails.value", "$ref", "urn:x:2.0:User:dept", "urn:a:b.c", "x-1",
                "not-so")
        }

        mutating func literal() -> String {
            var text = "\""
            for _ in 0..<Int.random(in: 0...5, using: &random) {
                text += pick("a", "Ü", "\\\"", "\\n", "\\u0001", "\\ud83d\\ude00", "]", ")", " ", "😀")
            }
            return text + "\""
        }

        mutating func filter(depth: Int, isWithin: Bool = false) -> String {
            switch Int.random(in: 0..<(depth > 0 ? 8 : 3), using: &random) {
            case 0: attribute() + space() + pick("pr", "PR")
            case 1: attribute() + space() + pick("eq", "NE", "gt", "Le", "lt", "ge") + space() + pick("5", "-1.5e3", literal(), literal())
            case 2: attribute() + space() + pick("eq", "Ne") + space() + pick("true", "False", "null", literal())
            case 3:
                filter(depth: depth - 1, isWithin: isWithin) + space() + pick("and", "AND") + space()
                    + filter(depth: depth - 1, isWithin: isWithin)
            case 4:
                filter(depth: depth - 1, isWithin: isWithin) + space() + pick("or", "Or") + space()
                    + filter(depth: depth - 1, isWithin: isWithin)
            case 5: pick("not", "NOT ") + "(" + filter(depth: depth - 1, isWithin: isWithin) + pick("", " ") + ")"
            case 6: "(" + filter(depth: depth - 1, isWithin: isWithin) + ")"
            default:
                isWithin ? attribute() + " pr" : pick("emails", "urn:x:y") + "[" + filter(depth: depth - 1, isWithin: true) + "]"
            }
        }
    }

    @Test("is read back from its canonical text and from its description", arguments: 1...4)
    func roundTrip(seed: UInt64) throws {
        var maker = Maker(random: DirectoryTestRandom(seed: seed))
        for _ in 0..<500 {
            let text = maker.filter(depth: 5)
            let filter = try ScimFilter(parsing: text)
            let canonical = String(decoding: filter.folded, as: UTF8.self)
            #expect(try ScimFilter(parsing: canonical) == filter, "seed \(seed): \(text)")
            #expect(try ScimFilter(parsing: canonical).folded == filter.folded, "seed \(seed): \(text)")
            #expect(try ScimFilter(parsing: filter.description) == filter, "seed \(seed): \(text)")
            let path = try ScimPath(parsing: "emails[\(maker.filter(depth: 3, isWithin: true))].value")
            #expect(try ScimPath(parsing: String(decoding: path.folded, as: UTF8.self)) == path, "seed \(seed): \(path)")
        }
    }

    @Test("says the same as its parts do, in both orders", arguments: 1...4)
    func algebra(seed: UInt64) throws {
        var maker = Maker(random: DirectoryTestRandom(seed: seed))
        let resource = try ScimJSON(
            #"{"userName": "a", "active": "maybe", "name": {"familyName": "Ü"}, "emails": [{"value": "a"}, {}], "x-1": 5}"#)
        func truth(_ text: String) throws -> Truth {
            var tolerances: ScimTolerances = []
            let filter = try ScimFilter(parsing: text)
            let isState = { (path: ScimPath) in path.description == "$ref" }
            let ruling = filter.evaluate(on: resource, tolerances: &tolerances, isState: isState)
            #expect(ruling.truth == .unknown || !ruling.isMissing)
            return ruling.truth
        }
        for _ in 0..<500 {
            let (left, right) = (maker.filter(depth: 2), maker.filter(depth: 2))
            #expect(try truth("(\(left)) and (\(right))") == truth(left).and(truth(right)), "seed \(seed): \(left) and \(right)")
            #expect(try truth("(\(right)) or (\(left))") == truth(left).or(truth(right)), "seed \(seed): \(right) or \(left)")
            #expect(try truth("not (\(left))") == truth(left).negated, "seed \(seed): \(left)")
        }
    }

    @Test("is read or refused with a place in the text, whatever the text", arguments: 1...4)
    func anyText(seed: UInt64) {
        var random = DirectoryTestRandom(seed: seed)
        let words =
            [
                "a", "emails", " ", "[", "]", "(", ")", "not", "and", "or", "eq", "pr", "co", "\"x\"", "\"", "\\u", "\\ud800", "5", "-",
                ".", ":",
            ]
            + ["urn:", "2.0", "User", "true", "null", "$ref", "\u{0}", "é", "\n", "e", "type eq \"work\""]
        for _ in 0..<3_000 {
            let text = (0..<Int.random(in: 0...14, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }.joined()
            let filter = Result { () throws(ScimSyntaxError) in try ScimFilter(parsing: text).folded }
            let path = Result { () throws(ScimSyntaxError) in try ScimPath(parsing: text).folded }
            for result in [filter, path] {
                switch result {
                case .success(let folded): #expect(!folded.isEmpty)
                case .failure(let error):
                    #expect((0...text.utf8.count).contains(error.offset), "seed \(seed): \(text.debugDescription)")
                }
            }
        }
    }
}
