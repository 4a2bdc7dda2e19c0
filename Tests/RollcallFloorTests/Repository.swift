import Foundation
import Testing

/// The files of this repository.
enum Repository {
    struct File {
        /// The path below the root.
        let path: String
        let lines: [Substring]

        init(path: String, text: String) {
            self.path = path
            lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(text.hasSuffix("\n") ? 1 : 0)
        }

        /// Attributes, an access level, and the word itself.
        private static var beginning: Regex<Substring> {
            #/\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+/#
        }

        var components: [String] { path.split(separator: "/").map(String.init) }

        /// The imported modules with their line numbers.
        var imports: [(line: Int, module: String)] {
            lines.enumerated().compactMap { index, line in
                guard line.contains("import "), let statement = line.prefixMatch(of: Self.beginning) else { return nil }
                let kinds: Set<Substring> = ["typealias", "struct", "class", "enum", "protocol", "let", "var", "func"]
                let words = line[statement.range.upperBound...].split(separator: " ")
                let name = words.first { !kinds.contains($0) } ?? ""
                return (index + 1, String(name.prefix { $0 != "." }))
            }
        }
    }

    /// The folder of Package.swift, found from this very file, through symbolic links.
    static let root: String = {
        var folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        while folder.path != "/" {
            if FileManager.default.fileExists(atPath: folder.path + "/Sources/RollcallCore") { return folder.path }
            folder.deleteLastPathComponent()
        }
        return "/"
    }()

    /// The files of one kind below a folder, in order.
    static func files(below folder: String, withExtension suffix: String) throws -> [File] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root + "/" + folder).filter { $0.hasSuffix("." + suffix) }.sorted()
        try #require(!paths.isEmpty, "there are no files in \(root)/\(folder)")
        return try paths.map { path in
            File(path: folder + "/" + path, text: try String(contentsOfFile: root + "/" + folder + "/" + path, encoding: .utf8))
        }
    }
}
