import Foundation
import Glibc
import RollcallTesting

/// A daemon under test, with what it tells its service manager and what it logs.
final class DaemonScene: Sendable {
    let workspace: Workspace
    let receiver: NotifyReceiver
    let daemon: RunningProgram

    /// Starts it with the workspace's config.
    ///
    /// - Parameters:
    ///   - hasOneCPU: whether it has one processor, so that tasks have one thread.
    ///   - timeout: seconds from its start after which it must have ended.
    init(
        _ workspace: Workspace, _ arguments: [String] = [], watchdog: Int? = nil, path: String? = nil,
        environment: [String: String] = [:], hasOneCPU: Bool = false, timeout: Double = 120
    ) throws {
        self.workspace = workspace
        receiver = try NotifyReceiver(path: path)
        var options = ProgramOptions()
        options.environment = environment.merging(["NOTIFY_SOCKET": receiver.name]) { $1 }
        if let watchdog { options.environment["WATCHDOG_USEC"] = "\(watchdog)" }
        options.timeout = timeout
        let words = ["run", "--config", workspace.config] + arguments
        daemon =
            hasOneCPU
            ? try RunningProgram("/usr/bin/taskset", ["--cpu-list", "0", workspace.binary.path] + words, options)
            : try workspace.binary.start(words, options)
    }

    var log: String { String(decoding: daemon.errors, as: UTF8.self) }
    var status: String { receiver.values("STATUS").last ?? "" }

    /// Waits until it is ready.
    func ready() async throws {
        do {
            try await eventually("the daemon was ready") { !receiver.values("READY").isEmpty }
        } catch {
            throw ChildProcess.Failure("\(error): \(log)")
        }
    }

    /// Waits until a run has been under way for longer than any of these takes by itself.
    func stuck(seconds: Int = 1) async throws {
        try await eventually("a run was stuck: \(log)") {
            guard let last = receiver.messages.last(where: { $0.name == "STATUS" }) else { return false }
            return last.value.contains("running since") && ContinuousClock.now - last.time > .seconds(seconds)
        }
    }

    /// Waits until the log has so many lines with this in it.
    func logged(_ text: String, times: Int = 1) async throws {
        do {
            try await eventually("the log said \(text)") { log.components(separatedBy: text).count > times }
        } catch {
            throw ChildProcess.Failure("\(error): \(log)")
        }
    }

    /// Tells it to stop, and waits for its end.
    func stop(_ signal: Int32 = SIGTERM) async throws -> ProgramOutcome {
        daemon.stop(signal)
        return try await daemon.outcome()
    }
}

extension Workspace {
    /// A file source whose store was filled by an approved first run.
    static func filled(_ population: Population = Population(40), _ rest: String = "daemon: {interval: 1s}") async throws -> Workspace {
        let workspace = try Workspace()
        try workspace.configure(ldif: population.ldif, Population.rules() + "\n" + rest)
        try await workspace.approveAll()
        return workspace
    }

    /// Replaces the source's file as a good citizen does: another file, renamed.
    func replace(_ ldif: String) throws {
        try directory.write(ldif, to: "people.new")
        guard rename(directory.file("people.new"), people) == 0 else { throw ChildProcess.Failure("rename: \(errno)") }
    }
}
