import Foundation

/// The Python behind some of the test servers: scripts beside these sources, and an environment that `make setup` has made.
enum PythonScripts {
    /// The folder of the scripts.
    static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().path + "/Python"

    /// Enough for what needs the standard library only.
    static let system = "/usr/bin/python3"

    /// The interpreter that knows the packages of `scripts/test-servers.txt`.
    ///
    /// - Throws: ``ChildProcess/Failure`` when there is none.
    static func environment() throws -> String {
        var root = URL(fileURLWithPath: folder)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let python = root.path + "/.build/venv/bin/python"
        guard FileManager.default.isExecutableFile(atPath: python) else {
            throw ChildProcess.Failure("there is no \(python); run make setup, which makes it")
        }
        return python
    }

    /// The arguments that run a script. No compiled files are left beside it.
    static func arguments(_ script: String, _ rest: [String]) -> [String] {
        ["-B", "\(folder)/\(script)"] + rest
    }
}
