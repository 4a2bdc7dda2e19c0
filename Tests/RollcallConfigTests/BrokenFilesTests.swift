import Foundation
import RollcallCore
import Testing

@testable import RollcallConfig

@Suite("Broken config files")
struct BrokenFilesTests {
    @Test("each is refused with exactly the findings beside it", arguments: try Folder.files(in: "broken", ending: ".yaml"))
    func findings(of file: URL) throws {
        let bytes = [UInt8](try Data(contentsOf: file))
        let result = ConfigFile.parse(bytes, file: file.lastPathComponent)
        #expect(result.settings == nil, "\(file.lastPathComponent) was accepted")
        #expect(result.findings.contains { $0.severity == .error })
        Golden.expect(
            result.findings.map { "\($0)\n" }.joined(), in: file.deletingPathExtension().appendingPathExtension("expected"))
    }

    @Test("there are at least 45 of them, each with its expectation and no expectation without its file")
    func pairs() throws {
        let files = try Folder.files(in: "broken", ending: ".yaml").map { $0.deletingPathExtension().lastPathComponent }
        let expectations = try Folder.files(in: "broken", ending: ".expected").map { $0.deletingPathExtension().lastPathComponent }
        #expect(files.count >= 45)
        #expect(files == expectations)
    }

    @Test("no finding ever shows a secret")
    func secrets() throws {
        for file in try Folder.files(in: "broken", ending: ".yaml") {
            for finding in ConfigFile.parse([UInt8](try Data(contentsOf: file)), file: "x").findings {
                #expect(!"\(finding)".contains("hunter2"), "\(file.lastPathComponent)")
            }
        }
    }

    @Test("cut short or with a byte changed anywhere, a file is refused or accepted, and nothing traps")
    func mutations() throws {
        let bytes = [UInt8](try Data(contentsOf: Folder.config.appendingPathComponent("rollcall.yaml")))
        for end in stride(from: 0, to: bytes.count, by: 41) {
            _ = ConfigFile.parse(Array(bytes[..<end]), file: "cut.yaml")
        }
        var generator = SplitMix(state: 7)
        let odd = Array("{}[]:-#&*!|>'\"%@`,?\t\n \\\u{0}\u{7f}é".utf8)
        for round in 0..<400 {
            var changed = bytes
            for _ in 0...(round % 3) {
                let index = Int(generator.next() % UInt64(changed.count))
                changed[index] = odd[Int(generator.next() % UInt64(odd.count))]
            }
            let result = ConfigFile.parse(changed, file: "changed.yaml")
            #expect(result.settings != nil || result.findings.contains { $0.severity == .error }, "seed 7, round \(round)")
        }
    }
}

/// A small generator with a fixed seed.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
