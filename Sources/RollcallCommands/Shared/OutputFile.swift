internal import ArgumentParser
internal import Glibc
internal import RollcallCore
internal import RollcallReport

/// A file that a command is told to write: a new one, or a regular one that is replaced.
///
/// It is never one that Rollcall works with: the store and what lies beside it, the config, the source, a secret.
struct OutputFile {
    let path: String
    private let own: [OwnFile]

    /// Proves that the path may be written; says why not and ends the command as a usage error.
    ///
    /// - Parameter others: what else the command reads or writes.
    init(_ path: String, in workplace: Workplace, besides others: String?...) throws {
        try self.init(path, in: workplace, besides: others)
    }

    init(_ path: String, in workplace: Workplace, besides others: [String?]) throws {
        self.path = path
        own = workplace.ownFiles + others.compactMap { $0 }.map { OwnFile(path: $0, what: "another file of this command") }
        try check()
    }

    /// Writes the file, whole or not at all; only its owner can read it unless another `mode` is given.
    func write(_ what: String, mode: mode_t = 0o600, _ body: (inout ReportOutput) throws -> Void) throws {
        let draft = "\(path).\(getpid()).part"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw refusal(what) }
        do {
            var output = ReportOutput { try Terminal.write($0, to: descriptor) }
            try body(&output)
            try output.finish()
            // The run may have taken an hour.
            try check()
            guard fsync(descriptor) == 0, Glibc.close(descriptor) == 0, rename(draft, path) == 0 else { throw refusal(what) }
        } catch {
            unlink(draft)
            throw error
        }
    }

    private func check() throws {
        guard let objection else { return }
        Terminal.say("\(path): nothing is written here: \(objection)")
        throw ExitStatus.usage.exit
    }

    /// Why the path must not be written; `nil` when it may be.
    private var objection: String? {
        if path.isEmpty || path.utf8.contains(0) || path.utf8.last == UInt8(ascii: "/") { return "this is no name of a file" }
        let place = FilePlace(path)
        guard place.hasFolder else { return "there is no such folder" }
        var status = stat()
        if lstat(path, &status) == 0 {
            switch status.st_mode & S_IFMT {
            case S_IFREG: break
            case S_IFLNK: return "it is a symbolic link"
            case S_IFDIR: return "it is a folder"
            default: return "it is a device, pipe or socket"
            }
        } else if errno != ENOENT {
            return String(cString: strerror(errno))
        }
        return own.first { place.isSame(as: FilePlace($0.path)) }.map { "it is \($0.what)" }
    }

    private func refusal(_ what: String) -> ExitCode {
        Terminal.say("\(path): the \(what) cannot be written: \(String(cString: strerror(errno)))")
        return ExitStatus.failed.exit
    }
}

/// A file that Rollcall works with.
struct OwnFile {
    let path: String
    /// What it is, in a sentence.
    let what: String
}

/// Where a name leads: the folder and the name in it, whether or not the file is there, and the file if it is.
private struct FilePlace {
    private struct Identity: Equatable {
        let device: UInt
        let inode: UInt

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            device = UInt(status.st_dev)
            inode = UInt(status.st_ino)
        }
    }

    private let file: Identity?
    private let folder: Identity?
    private let name: Substring

    init(_ path: String) {
        let slash = path.lastIndex(of: "/")
        let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        name = slash.map { path[path.index(after: $0)...] } ?? path[...]
        folder = Identity(parent)
        file = Identity(path)
    }

    /// Whether there is a folder that it could be in.
    var hasFolder: Bool { folder != nil }

    func isSame(as other: FilePlace) -> Bool {
        if let file, file == other.file { return true }
        return folder != nil && folder == other.folder && name.utf8.elementsEqual(other.name.utf8)
    }
}

extension Workplace {
    /// What a command must never write over.
    var ownFiles: [OwnFile] {
        var files = [OwnFile(path: configPath, what: "the config")]
        // The files beside a store that is linked to are beside its target.
        for store in [settings.store.path] + (Workplace.resolved(settings.store.path).map { [$0] } ?? []) {
            files.append(OwnFile(path: store, what: "the store"))
            files += ["-wal", "-shm", "-journal", ".lock"].map { OwnFile(path: store + $0, what: "a part of the store") }
        }
        return files + settings.source.ownFiles
    }

    /// Checks the files that a report is written to, before there is a report.
    ///
    /// - Parameter others: what else the command reads or writes.
    func checkOutputs(of report: ReportOptions, besides others: [String?] = []) throws {
        for file in report.files { _ = try OutputFile(file, in: self, besides: others) }
    }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

extension SourceSettings {
    /// The files that the source is, or is reached by.
    fileprivate var ownFiles: [OwnFile] {
        switch self {
        case .file(let file): return [OwnFile(path: file.path, what: "the source")]
        case .resources(let file): return [OwnFile(path: file.path, what: "the source")]
        case .ldap(let ldap):
            var secret: SecretReference?
            if case .simple(_, let password) = ldap.bind { secret = password }
            return SourceSettings.credentials(secret, ldap.caFile, ldap.clientCertificate, ldap.clientKey)
        case .scim(let scim):
            return SourceSettings.credentials(scim.auth.reference, scim.caFile, scim.clientCertificate, scim.clientKey)
        }
    }

    private static func credentials(_ secret: SecretReference?, _ files: String?...) -> [OwnFile] {
        var own = files.compactMap { $0 }.map { OwnFile(path: $0, what: "a certificate or key of the config") }
        if case .file(let path) = secret { own.append(OwnFile(path: path, what: "a secret of the config")) }
        return own
    }
}
