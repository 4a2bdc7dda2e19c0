internal import Glibc

/// Reads small files whole.
enum FileBytes {
    /// The bytes of the regular file at `path`, at most `limit` of them.
    static func read(_ path: String, limit: Int) throws(ConfigFileError) -> [UInt8] {
        // Without O_NONBLOCK the open of a named pipe waits for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw ConfigFileError.cannotOpen(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw ConfigFileError.cannotRead(errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw ConfigFileError(message: "is a directory, not a file", advice: "name the file in it")
        default: throw ConfigFileError(message: "is not a regular file")
        }
        guard status.st_size <= limit else {
            throw ConfigFileError(message: "is \(status.st_size) bytes long; a config file has at most \(limit)")
        }
        return try bytes(of: descriptor, limit: limit)
    }

    /// All bytes that are left to read; more than `limit` are an error, for the file may grow meanwhile.
    static func bytes(of descriptor: Int32, limit: Int) throws(ConfigFileError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw ConfigFileError.cannotRead(errno) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk.prefix(count))
            guard bytes.count <= limit else { throw ConfigFileError(message: "is longer than \(limit) bytes") }
        }
    }
}

/// Why a file cannot be read.
struct ConfigFileError: Error {
    /// What is wrong, after the file's path.
    let message: String
    let advice: String

    init(message: String, advice: String = "") {
        self.message = message
        self.advice = advice
    }

    static func cannotOpen(_ number: Int32) -> ConfigFileError {
        let advice =
            switch number {
            case ENOENT: "write one, or name another with --config"
            case EACCES: "run as a user who may read it"
            default: ""
            }
        return ConfigFileError(message: "cannot be opened: \(text(of: number)) (errno \(number))", advice: advice)
    }

    static func cannotRead(_ number: Int32) -> ConfigFileError {
        ConfigFileError(message: "cannot be read: \(text(of: number)) (errno \(number))")
    }

    /// The system's words for an error number.
    static func text(of number: Int32) -> String {
        strerror(number).map { String(cString: $0) } ?? "unknown error"
    }
}
