internal import ArgumentParser
internal import RollcallCore

/// How long a command waits for another applier.
struct WaitOption: ParsableArguments {
    /// What a command waits unless it is told otherwise: longer than most runs take.
    static let standard = 5

    @Option(
        name: .customLong("wait"),
        help: ArgumentHelp("Seconds to wait for another applier to give the lock back, before ending with 6.", valueName: "seconds"))
    var seconds = WaitOption.standard

    func validate() throws {
        guard (0...86_400).contains(seconds) else { throw ValidationError("--wait takes a whole number of seconds from 0 to 86400") }
    }

    var span: Span { Span(seconds: Int64(seconds)) }
}
