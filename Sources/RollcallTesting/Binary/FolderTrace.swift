import Foundation
import Glibc

/// A folder at one moment: every file's content, inode, size, mode, owner and time of change, and the folder's own.
///
/// A file that was made and removed again shows too: the folder's own time has moved.
public struct FolderTrace: Sendable, Equatable {
    private struct File: Sendable, Equatable {
        var inode: UInt
        var size: Int
        var mode: UInt32
        var owner: UInt32
        var modified: [Int]
        var content: Data

        init(_ path: String) throws {
            var status = stat()
            guard stat(path, &status) == 0 else { throw ChildProcess.Failure("\(path) cannot be examined") }
            inode = UInt(status.st_ino)
            size = Int(status.st_size)
            mode = status.st_mode
            owner = status.st_uid
            modified = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
            content = status.st_mode & S_IFMT == S_IFREG ? FileManager.default.contents(atPath: path) ?? Data() : Data()
        }
    }

    private var files: [String: File] = [:]

    public init(_ folder: String) throws {
        files["."] = try File(folder)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) { files[name] = try File("\(folder)/\(name)") }
    }

    public var names: [String] { files.keys.filter { $0 != "." }.sorted() }

    /// What is different now, in words; nothing when the folder is as it was.
    public func differences(to later: FolderTrace) -> [String] {
        Set(files.keys).union(later.files.keys).sorted().compactMap { name in
            switch (files[name], later.files[name]) {
            case (nil, _?): return "\(name) is new"
            case (_?, nil): return "\(name) is gone"
            case (let before?, let after?):
                if before == after { return nil }
                var what: [String] = []
                if before.content != after.content { what.append("content") }
                if before.inode != after.inode { what.append("inode") }
                if before.size != after.size { what.append("size \(before.size) → \(after.size)") }
                if before.mode != after.mode || before.owner != after.owner { what.append("mode or owner") }
                if before.modified != after.modified { what.append("time") }
                return "\(name): \(what.joined(separator: ", "))"
            case (nil, nil): return nil
            }
        }
    }
}
