internal import ArgumentParser
internal import Glibc
internal import RollcallCore

/// What is said when the command line ends the program: help on standard output, a mistake on standard error.
struct UsageMessage {
    let text: String
    let status: Int32

    /// - Parameter words: the command line, which the parser's messages quote as it is.
    init(_ error: any Error, _ words: [String]) {
        status = Root.exitCode(for: error).rawValue
        text = status == EXIT_SUCCESS ? Root.fullMessage(for: error) : UsageMessage.safeText(error, words)
    }

    /// The message, made of a command line in which nothing acts on a terminal and nothing breaks a line.
    private static func safeText(_ error: any Error, _ words: [String]) -> String {
        let safe = words.map { DisplayEscaping.escapedForTerminal($0) }
        guard safe != words else { return lines(Root.fullMessage(for: error)) }
        do {
            try Root.checkCommand(safe)
            _ = try Root.parseAsRoot(safe)
        } catch let other where Root.exitCode(for: other) == Root.exitCode(for: error) {
            return lines(Root.fullMessage(for: other))
        } catch {}
        return DisplayEscaping.escapedForTerminal(Root.fullMessage(for: error))
    }

    private static func lines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { DisplayEscaping.escapedForTerminal(String($0)) }
            .joined(separator: "\n")
    }

    /// Says it and ends the program.
    func end() -> Never {
        if !text.isEmpty {
            try? Terminal.write(Array((text + "\n").utf8), to: status == EXIT_SUCCESS ? STDOUT_FILENO : STDERR_FILENO)
        }
        exit(status)
    }
}
