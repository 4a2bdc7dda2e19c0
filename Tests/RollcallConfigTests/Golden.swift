import Foundation
import Testing

/// Expected texts kept in files beside the tests. `RECORD=1` rewrites them and lets the test fail, so that a recorded run is never
/// taken for a passed one.
enum Golden {
    static var isRecording: Bool { ProcessInfo.processInfo.environment["RECORD"] == "1" }

    static func expect(_ actual: String, in file: URL, _ location: SourceLocation = #_sourceLocation) {
        let expected = try? String(contentsOf: file, encoding: .utf8)
        if actual == expected { return }
        if isRecording {
            try? actual.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("recorded \(file.lastPathComponent); read it, then run without RECORD", sourceLocation: location)
        } else {
            Issue.record(
                "\(file.lastPathComponent) differs\n--- expected\n\(expected ?? "(no file)")\n--- actual\n\(actual)",
                sourceLocation: location)
        }
    }
}

/// Folders of the repository, found from this file.
enum Folder {
    static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    static let fixtures = tests.appendingPathComponent("Fixtures")
    static let repository = tests.resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
    static let config = repository.appendingPathComponent("config")

    static func files(in folder: String, ending suffix: String) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: fixtures.appendingPathComponent(folder), includingPropertiesForKeys: nil)
            .filter { $0.lastPathComponent.hasSuffix(suffix) }.sorted { $0.lastPathComponent < $1.lastPathComponent }
    }
}
