import Foundation
import Glibc

/// The built program, as the tests run it: a child process with its own arguments, environment, user and streams.
public struct RollcallBinary: Sendable {
    public let path: String

    /// The program that was built with the tests, or the one that `ROLLCALL_BINARY` names.
    public static func built() throws -> RollcallBinary { try found.get() }

    private static let found: Result<RollcallBinary, ChildProcess.Failure> = {
        if let named = ProcessInfo.processInfo.environment["ROLLCALL_BINARY"] { return .success(RollcallBinary(path: named)) }
        let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        for start in [executable] + CommandLine.arguments.prefix(1) {
            var folder = (start as NSString).deletingLastPathComponent
            while folder.utf8.count > 1 {
                let candidate = "\(folder)/rollcall"
                var isFolder: ObjCBool = false
                if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder), !isFolder.boolValue,
                    access(candidate, X_OK) == 0
                {
                    return .success(RollcallBinary(path: candidate))
                }
                folder = (folder as NSString).deletingLastPathComponent
            }
        }
        return .failure(ChildProcess.Failure("no program `rollcall` beside \(executable)"))
    }()

    /// Six at once are enough to keep a small machine busy.
    private static let turnstile = Turnstile(6)

    /// Runs it to its end, when its turn has come.
    public func run(_ arguments: [String], _ options: ProgramOptions = ProgramOptions()) async throws -> ProgramOutcome {
        try await RollcallBinary.turnstile.pass { try await start(arguments, options).outcome() }
    }

    /// Starts it; the caller waits for its end or brings it about.
    public func start(_ arguments: [String], _ options: ProgramOptions = ProgramOptions()) throws -> RunningProgram {
        try RunningProgram(options.user == nil ? path : RollcallBinary.copyForOthers(path), arguments, options)
    }

    /// A copy that another user can reach: the folders above the build may be closed to them.
    private static func copyForOthers(_ path: String) throws -> String {
        guard path == (try? built().path) else { return path }
        return try reachable.get().file("rollcall")
    }

    private static let reachable = Result<TemporaryDirectory, any Error> {
        let directory = try TemporaryDirectory()
        // By a program of its own: a child of another test could inherit our descriptor, and what is open for writing does not run.
        try ChildProcess.run("/bin/cp", [built().path, directory.file("rollcall")], in: directory)
        chmod(directory.file("rollcall"), 0o755)
        try directory.openToOthers()
        AtEnd.remove(directory)
        return directory
    }
}

extension TemporaryDirectory {
    /// Lets other users in, to read only.
    public func openToOthers() throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }
}
