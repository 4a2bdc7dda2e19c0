import Foundation
import Testing

@Suite struct DemoTests {
    @Test("demo/README.md says of everybody in the demo why they are there", arguments: ["day1", "day2"])
    func people(day: String) throws {
        let words = try Set(text("README.md").split { !($0.isLetter || $0.isNumber || $0 == "-") })
        let names = try text(day + ".ldif").split(separator: "\n").filter { $0.hasPrefix("uid: ") }.map { $0.dropFirst("uid: ".count) }
        #expect(names.count > 30)
        #expect(names.filter { !words.contains($0) }.isEmpty)
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: Repository.root + "/demo/" + name, encoding: .utf8)
    }
}
