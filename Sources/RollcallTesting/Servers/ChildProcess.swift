import Foundation
import Glibc
import Synchronization

/// A program that a test started and ends, by its process id and never by name.
public final class ChildProcess: Sendable {
    /// What went wrong with a program that a test needs.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String

        public init(_ description: String) {
            self.description = description
        }
    }

    public let pid: Int32
    private let output: String
    private let exitStatus = Mutex<Int32?>(nil)

    /// Starts a program whose output goes to the file `output`.
    public init(_ program: String, _ arguments: [String], output: String) throws {
        self.output = output
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // Swift's worker threads block signals, and a child inherits that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var nothingBlocked = sigset_t()
        sigemptyset(&nothingBlocked)
        posix_spawnattr_setsigmask(&attributes, &nothingBlocked)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var pid: Int32 = 0
        let code = posix_spawn(&pid, program, &actions, &attributes, words, environ)
        guard code == 0 else { throw Failure("\(program) did not start: \(String(cString: strerror(code)))") }
        self.pid = pid
    }

    deinit {
        end()
    }

    /// What the program has written so far.
    public var text: String { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }

    /// The wait status once the program has ended.
    public func status(waiting isWaiting: Bool = false) -> Int32? {
        exitStatus.withLock { known in
            if let known { return known }
            var status: Int32 = 0
            guard waitpid(pid, &status, isWaiting ? 0 : WNOHANG) == pid else { return nil }
            known = status
            return status
        }
    }

    public var isRunning: Bool { status() == nil }

    /// Ends the program: politely, and after three seconds for certain.
    public func end() {
        guard isRunning else { return }
        kill(pid, SIGTERM)
        for _ in 0..<600 where isRunning { usleep(5_000) }
        crash()
    }

    /// Ends the program at once.
    public func crash() {
        guard isRunning else { return }
        kill(pid, SIGKILL)
        _ = status(waiting: true)
    }

    /// Runs a program to its end.
    ///
    /// - Throws: ``Failure`` with its output when it does not end with 0.
    public static func run(_ program: String, _ arguments: [String], in directory: TemporaryDirectory) throws {
        let output = directory.file("run-\(UInt64.random(in: 0..<(1 << 40))).out")
        let child = try ChildProcess(program, arguments, output: output)
        guard child.status(waiting: true) == 0 else {
            throw Failure("\(program) \(arguments.joined(separator: " ")) failed: \(child.text)")
        }
        try? FileManager.default.removeItem(atPath: output)
    }
}
