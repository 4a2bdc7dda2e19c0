import Foundation
import Glibc

/// A folder with a config, a source and a store, and the program to run there.
public final class Workspace: Sendable {
    public let directory: TemporaryDirectory
    public let binary: RollcallBinary

    /// - Parameter hasStore: whether an empty store is made.
    public init(hasStore: Bool = true) throws {
        directory = try TemporaryDirectory()
        binary = try RollcallBinary.built()
        _ = try directory.makeDirectory("store")
        if hasStore { try makeStore() }
    }

    /// Makes an empty store, with a config of its own that is removed again.
    public func makeStore() throws {
        let name = "store-\(UInt32.random(in: 0 ... .max)).yaml"
        let config = try directory.write("source: {type: file, path: none.ldif}\nstore: {url: \"sqlite:store/rollcall.db\"}\n", to: name)
        defer { unlink(config) }
        try ChildProcess.run(binary.path, ["store", "create", "--config", config], in: directory)
    }

    public var config: String { directory.file("rollcall.yaml") }
    /// The folder that holds the store and nothing else.
    public var storeFolder: String { directory.file("store") }
    public var store: String { directory.file("store/rollcall.db") }
    public var people: String { directory.file("people.ldif") }
    public var planFile: String { directory.file("plan.json") }

    /// Writes the config: a source, the store, and what else is given.
    public func configure(source: String, _ rest: String = "") throws {
        try directory.write("\(source)\nstore: {url: \"sqlite:store/rollcall.db\"}\n\(rest)\n", to: "rollcall.yaml")
    }

    /// Writes the config of a file source and its file.
    public func configure(ldif: String, _ rest: String = "") throws {
        try configure(source: "source: {type: file, path: people.ldif}", rest)
        try directory.write(ldif, to: "people.ldif")
    }

    /// Runs a command with this folder's config.
    public func run(_ arguments: String..., options: ProgramOptions = ProgramOptions()) async throws -> ProgramOutcome {
        try await binary.run(arguments + ["--config", config], options)
    }

    /// Starts a command with this folder's config.
    public func start(_ arguments: String..., options: ProgramOptions = ProgramOptions()) throws -> RunningProgram {
        try binary.start(arguments + ["--config", config], options)
    }

    /// Makes a plan file and applies it with approval, as an admin does on the first day.
    ///
    /// - Throws: What was said, unless that ended with `status`.
    @discardableResult
    public func approveAll(endingWith status: Int32 = 0) async throws -> ProgramOutcome {
        let plan = try await run("plan", "--out", planFile)
        guard [0, 2, 3].contains(plan.status) else { throw ChildProcess.Failure("plan: \(plan.said)") }
        let apply = try await run("apply", planFile, "--approve")
        guard apply.status == status else { throw ChildProcess.Failure("apply: \(apply.said)") }
        return apply
    }

    /// Writes a secret that only its owner can read.
    public func writeSecret(_ text: String, to name: String) throws -> String {
        let path = try directory.write(text, to: name)
        chmod(path, 0o600)
        return path
    }

    public func content(isTimeless: Bool = false) async throws -> StoreContent { try await StoreContent(store, isTimeless: isTimeless) }
}
