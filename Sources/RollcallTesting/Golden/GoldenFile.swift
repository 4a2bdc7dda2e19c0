import Foundation

/// A file that holds what a rendering gave when a person last looked at it.
///
/// With `RECORD=1` in the environment the file is rewritten, and the comparison fails all the same: nobody forgets to look at
/// what was recorded and to run the tests once more.
public struct GoldenFile: Sendable {
    /// Where the file is.
    public let path: String

    /// The golden file `name` in the folder `Golden` beside the test's own file.
    public init(_ name: String, beside testFile: String = #filePath) {
        path = URL(fileURLWithPath: testFile).deletingLastPathComponent().appendingPathComponent("Golden").appendingPathComponent(name).path
    }

    /// Compares `actual` with the file, byte by byte.
    ///
    /// - Throws: ``Mismatch`` when they differ, when there is no file, and always when recording.
    public func expect(_ actual: [UInt8]) throws {
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(actual).write(to: URL(fileURLWithPath: path))
            throw Mismatch(description: "\(path) was recorded; look at it, then test without RECORD=1")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Mismatch(description: "\(path) is missing; record it with RECORD=1")
        }
        let expected = [UInt8](data)
        if expected != actual { throw Mismatch(description: difference(expected, actual)) }
    }

    /// Compares `actual` with the file, byte by byte.
    public func expect(_ actual: String) throws {
        try expect(Array(actual.utf8))
    }

    /// Why a golden file is not what was rendered: the file, and the first line that differs.
    public struct Mismatch: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    private func difference(_ expected: [UInt8], _ actual: [UInt8]) -> String {
        let expectedLines = expected.split(separator: 0x0A, omittingEmptySubsequences: false)
        let actualLines = actual.split(separator: 0x0A, omittingEmptySubsequences: false)
        let common = min(expectedLines.count, actualLines.count)
        let line = (0..<common).first { expectedLines[$0] != actualLines[$0] } ?? common
        func text(_ lines: [ArraySlice<UInt8>]) -> String {
            line < lines.count ? String(decoding: lines[line].prefix(400), as: UTF8.self).debugDescription : "(the end)"
        }
        return "\(path):\(line + 1) differs\n  expected \(text(expectedLines))\n  actual   \(text(actualLines))"
    }
}
