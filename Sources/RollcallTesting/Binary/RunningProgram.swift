public import Foundation
import Glibc
import Synchronization

/// What a program has left behind: how it ended and what it wrote.
public struct ProgramOutcome: Sendable {
    /// The exit status; -1 when a signal ended it.
    public let status: Int32
    /// The signal that ended it; `nil` after an ordinary end.
    public let signal: Int32?
    /// Standard output, byte for byte.
    public let output: Data
    /// Standard error, byte for byte.
    public let errors: Data
    /// From its start until it was seen to have ended.
    public let duration: Duration

    public var text: String { String(decoding: output, as: UTF8.self) }
    public var errorText: String { String(decoding: errors, as: UTF8.self) }
    /// All that it said, for the message of a failed test.
    public var said: String { "status \(status)\(signal.map { ", signal \($0)" } ?? "")\n\(text.prefix(4000))\n\(errorText.prefix(4000))" }
}

/// How a program is started.
public struct ProgramOptions: Sendable {
    /// Beside the few variables that every program gets.
    public var environment: [String: String] = [:]
    /// The folder that it works in; `nil` for the test's own.
    public var folder: String?
    /// The user and group to run as; only root can choose. `nil` for the test's own.
    public var user: UInt32?
    /// Standard input; `nil` for an empty one.
    public var input: Int32?
    /// Seconds until it is ended by force, which makes a test fail.
    public var timeout = 180.0

    public init() {}

    /// As nobody, who owns nothing.
    public static var asNobody: ProgramOptions {
        var options = ProgramOptions()
        options.user = 65_534
        return options
    }
}

/// A program that runs beside the test, its standard output and error kept apart.
public final class RunningProgram: Sendable {
    public let pid: Int32
    private let directory: TemporaryDirectory
    private let started = ContinuousClock.now
    private let timeout: Double
    private let commandLine: String
    private let ended = Mutex<Int32?>(nil)

    public init(_ program: String, _ arguments: [String], _ options: ProgramOptions = ProgramOptions()) throws {
        directory = try TemporaryDirectory()
        timeout = options.timeout
        commandLine = ([program] + arguments).joined(separator: " ")
        var words = [program] + arguments
        if let folder = options.folder { words = ["/usr/bin/env", "--chdir=\(folder)"] + words }
        if let user = options.user {
            words = ["/usr/bin/setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups"] + words
        }
        pid = try RunningProgram.spawn(words, options, output: directory.file("out"), errors: directory.file("err"))
    }

    deinit {
        stop(SIGKILL)
        _ = waitStatus(blocking: true)
    }

    /// Runs a program to its end, without blocking a thread of the tests.
    public static func run(
        _ program: String, _ arguments: [String], _ options: ProgramOptions = ProgramOptions()
    ) async throws -> ProgramOutcome {
        try await RunningProgram(program, arguments, options).outcome()
    }

    public var isRunning: Bool { waitStatus(blocking: false) == nil }

    /// What it has written to standard output so far.
    public var output: Data { FileManager.default.contents(atPath: directory.file("out")) ?? Data() }

    /// What it has written to standard error so far.
    public var errors: Data { FileManager.default.contents(atPath: directory.file("err")) ?? Data() }

    /// Sends a signal, unless it has ended.
    public func stop(_ signal: Int32) {
        // Under the lock: once the end has been collected, the id may be another program's.
        ended.withLock { ended in
            if ended == nil { kill(pid, signal) }
        }
    }

    /// Waits for the end on a thread of its own: tests run on few threads.
    public func outcome() async throws -> ProgramOutcome {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try self.waited() }) }
        }
    }

    private func waited() throws -> ProgramOutcome {
        while true {
            if let status = waitStatus(blocking: false) {
                let signal = status & 0x7F
                return ProgramOutcome(
                    status: signal == 0 ? (status >> 8) & 0xFF : -1, signal: signal == 0 ? nil : signal, output: output, errors: errors,
                    duration: ContinuousClock.now - started)
            }
            if ContinuousClock.now - started > .seconds(timeout) {
                stop(SIGKILL)
                _ = waitStatus(blocking: true)
                throw ChildProcess.Failure("`\(commandLine)` did not end within \(timeout) s: \(String(decoding: errors, as: UTF8.self))")
            }
            usleep(2_000)
        }
    }

    private func waitStatus(blocking: Bool) -> Int32? {
        ended.withLock { known in
            if let known { return known }
            var status: Int32 = 0
            guard waitpid(pid, &status, blocking ? 0 : WNOHANG) == pid else { return nil }
            known = status
            return status
        }
    }

    private static func spawn(_ words: [String], _ options: ProgramOptions, output: String, errors: String) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input = options.input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o600)
        // Swift's worker threads block signals, and a child inherits that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var nothingBlocked = sigset_t()
        sigemptyset(&nothingBlocked)
        posix_spawnattr_setsigmask(&attributes, &nothingBlocked)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let variables = environment.merging(options.environment) { $1 }.map { "\($0.key)=\($0.value)" }.sorted()
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var environs: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
        defer { for word in arguments + environs { free(word) } }
        var pid: Int32 = 0
        let code = posix_spawn(&pid, words[0], &actions, &attributes, &arguments, &environs)
        guard code == 0 else { throw ChildProcess.Failure("\(words[0]) did not start: \(String(cString: strerror(code)))") }
        return pid
    }

    /// What every program gets, so that the tester's own settings reach none.
    private static let environment: [String: String] = {
        let own = ProcessInfo.processInfo.environment
        var kept = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no"]
        kept["LD_LIBRARY_PATH"] = own["LD_LIBRARY_PATH"]
        return kept
    }()
}
