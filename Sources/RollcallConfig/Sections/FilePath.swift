import RollcallCore

/// Paths as text; nothing here looks at a file.
enum FilePath {
    /// An absolute path as it is, a relative one below `folder`.
    static func resolve(_ path: String, in folder: String) -> String {
        if path.utf8.first == UInt8(ascii: "/") || folder.isEmpty { return path }
        return folder.utf8.last == UInt8(ascii: "/") ? folder + path : folder + "/" + path
    }

    /// The folder of a file: all before the last `/`; empty for a file in the working directory.
    static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The last part of a path, in lower case, behind its last dot; `nil` without one.
    static func fileExtension(of path: String) -> String? {
        guard let name = path.split(separator: "/").last, let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
        return name[name.index(after: dot)...].lowercased()
    }

    /// Whether a path's extension says JSON.
    static func isJSON(_ path: String) -> Bool { fileExtension(of: path).map { ["json", "ndjson"].contains($0) } ?? false }

    /// The format that a path's extension says.
    static func format(of path: String) -> FileSourceSettings.Format? {
        fileExtension(of: path).flatMap(FileSourceSettings.Format.init)
    }
}
