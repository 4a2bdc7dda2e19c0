/// The words of this process's command line.
///
/// Swift's own list is empty in a program that is linked statically with its library: the runtime looks for the words on the stack
/// and does not find them there. The kernel has them too.
enum ProgramArguments {
    /// All words but the program's name; `nil` when they cannot be told.
    static func words() -> [String]? {
        let known = CommandLine.arguments
        if !known.isEmpty { return Array(known.dropFirst()) }
        return (try? FileChunks.bytes(of: "/proc/self/cmdline")).flatMap(words(of:))
    }

    /// The words of a command line as the kernel shows it, each with a NUL behind it, but the first; `nil` when there is none.
    static func words(of line: [UInt8]) -> [String]? {
        guard line.last == 0 else { return nil }
        return line.dropLast().split(separator: 0, omittingEmptySubsequences: false).dropFirst().map { String(decoding: $0, as: UTF8.self) }
    }
}
