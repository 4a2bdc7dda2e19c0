import Glibc

/// Starting a server that has to be told its port.
enum PythonServer {
    /// Another process may take a port between our look and the server's, hence the tries; and it may answer there, hence the look at
    /// what the server says.
    ///
    /// - Returns: The server once it has said that it is "Serving SCIM", and its port.
    static func launch(_ start: (Int) throws -> ChildProcess) throws -> (ChildProcess, Int) {
        var said = ""
        for _ in 0..<5 {
            let port = try Loopback.freePort()
            let process = try start(port)
            for _ in 0..<2000 where process.isRunning {
                if process.text.contains("Serving SCIM") { return (process, port) }
                usleep(10_000)
            }
            said = process.text
            process.end()
        }
        throw ChildProcess.Failure("the server does not come up: \(said)")
    }
}
