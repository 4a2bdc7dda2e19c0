internal import Glibc
public import RollcallCore

/// Reads secrets from where config says they are kept, and refuses files that others could read.
public enum SecretFile {
    /// The most bytes that a secret may have.
    public static let sizeLimit = 64 << 10

    /// The secret at `reference`, without the line break at its end.
    ///
    /// A file must be a regular file (no symbolic link), belong to root or to this process's user, and be readable by its owner
    /// alone. A credential is a file of that name in `$CREDENTIALS_DIRECTORY`, which systemd keeps so; without that variable, one that systemd
    /// has given to ``service``.
    public static func read(_ reference: SecretReference) throws(SecretFileError) -> Secret {
        try read(reference, credentials: getenv("CREDENTIALS_DIRECTORY").map { String(cString: $0) })
    }

    /// Where systemd keeps the credentials of `rollcall.service` while it runs. Its user may read them, and so a command of that user may too.
    public static let service = "/run/credentials/rollcall.service"

    /// The same with the credentials' folder given.
    ///
    /// - Parameter service: what is used when there is none.
    static func read(
        _ reference: SecretReference, credentials folder: String?, service: String = SecretFile.service
    ) throws(SecretFileError) -> Secret {
        switch reference {
        case .file(let path):
            return try secret(at: path, sharedBy: 0o077)
        case .credential(let name):
            guard isCredentialName(name) else {
                throw SecretFileError(.badName, path: name, message: "a credential's name is a plain file name, without slashes")
            }
            if let folder, !folder.isEmpty { return try secret(at: FilePath.resolve(name, in: folder), sharedBy: 0o037) }
            try checkService(service, name)
            return try secret(at: FilePath.resolve(name, in: service), sharedBy: 0o037)
        }
    }

    /// Makes sure that we are whom the service's credentials are for.
    private static func checkService(_ folder: String, _ name: String) throws(SecretFileError) {
        var status = stat()
        guard stat(folder, &status) == 0 else {
            throw SecretFileError(
                .noCredentials, path: name,
                message:
                    "no credential can be read, because CREDENTIALS_DIRECTORY is not set and rollcall.service does not run; start that, or start this by systemd with LoadCredential="
            )
        }
        // systemd makes its folder the user's own, or root's with an access list.
        guard access(folder, R_OK | X_OK) == 0, geteuid() != 0 || status.st_uid == 0 else {
            throw SecretFileError(
                .noCredentials, path: name,
                message: "the credentials of rollcall.service are for its user alone; run this as that user, `sudo -u rollcall` say")
        }
    }

    /// Whether `name` names a file of the credentials' folder and nothing above or below it.
    static func isCredentialName(_ name: String) -> Bool {
        let bytes = name.utf8
        return !bytes.isEmpty && bytes.count <= 255 && name != "." && name != ".." && !bytes.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
    }

    /// - Parameter others: the permissions that make a file one that others can read. In a credential of root's group the middle ones show an
    ///   access list, which systemd writes for the service's user.
    private static func secret(at path: String, sharedBy others: mode_t) throws(SecretFileError) -> Secret {
        guard !path.utf8.contains(0) else { throw SecretFileError(.badName, path: "", message: "the path holds a NUL byte") }
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw openError(errno, path: path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw SecretFileError(
                .unreadable, path: path, message: "cannot be examined: \(ConfigFileError.text(of: errno)) (errno \(errno))")
        }
        try check(status, path: path, sharedBy: status.st_uid == 0 && status.st_gid == 0 ? others : 0o077)

        var bytes: [UInt8]
        do throws(ConfigFileError) {
            bytes = try FileBytes.bytes(of: descriptor, limit: sizeLimit)
        } catch {
            throw SecretFileError(.unreadable, path: path, message: error.message)
        }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard !bytes.isEmpty else {
            throw SecretFileError(.empty, path: path, message: "is empty; write the secret into it")
        }
        return Secret(bytes)
    }

    private static func check(_ status: stat, path: String, sharedBy others: mode_t) throws(SecretFileError) {
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw SecretFileError(.notAFile, path: path, message: "is not a regular file")
        }
        let mode = status.st_mode & 0o7777
        guard mode & others == 0 else {
            throw SecretFileError(
                .exposed, path: path, message: "can be read or changed by others (mode 0\(String(mode, radix: 8))); run chmod 600 \(path)")
        }
        guard status.st_uid == 0 || status.st_uid == geteuid() else {
            throw SecretFileError(
                .foreign, path: path,
                message: "belongs to user \(status.st_uid), neither to root nor to user \(geteuid()) who reads it; run chown")
        }
        guard status.st_size <= sizeLimit else {
            throw SecretFileError(.unreadable, path: path, message: "is \(status.st_size) bytes long; a secret has at most \(sizeLimit)")
        }
    }

    private static func openError(_ number: Int32, path: String) -> SecretFileError {
        if number == ELOOP {
            return SecretFileError(.notAFile, path: path, message: "is a symbolic link; name the file itself")
        }
        return SecretFileError(
            number == ENOENT ? .missing : .unreadable, path: path,
            message: "cannot be opened: \(ConfigFileError.text(of: number)) (errno \(number))")
    }
}
