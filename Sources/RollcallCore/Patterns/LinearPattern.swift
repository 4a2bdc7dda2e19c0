/// A regular expression that is matched in time proportional to the text, whatever the text.
///
/// The language is a subset of the usual one; what would need backtracking is refused when the pattern is read.
///
/// | written | matches |
/// | --- | --- |
/// | `a` `\.` `\t` `\x2C` `\x{1F600}` | that character |
/// | `.` | any character but the line feed |
/// | `[a-z_]` `[^,]` | one of, or none of, these; `\d` and its like may stand inside |
/// | `\d` `\w` `\s` `\D` `\W` `\S` | digits, letters with digits and `_`, white space, all of ASCII; and their opposites |
/// | `ab` `a\|b` | one after the other; either, the left one preferred |
/// | `(…)` `(?:…)` `(?<name>…)` | a numbered, plain or named group |
/// | `*` `+` `?` `{m}` `{m,}` `{m,n}` | repetition, as often as possible; with `?` after it as seldom as possible |
/// | `^` `$` | the very start and the very end of the text |
///
/// Characters are Unicode scalars and compared exactly: upper and lower case differ, and so do composed and decomposed letters.
/// A match may lie anywhere in the text unless the pattern has anchors.
public struct LinearPattern: Sendable {
    /// The text from which the pattern was read.
    public let pattern: String
    /// The names of the named groups in the order of their opening parentheses.
    public let captureNames: [String]

    private let program: PatternProgram
    private let groupNames: [String?]

    /// A pattern's text may have this many bytes.
    public static let longestPattern = 4_096
    /// A pattern may need this many states, with repetitions written out.
    static let largestProgram = 1_000

    /// Reads a pattern, or says where and why it cannot.
    public init(_ pattern: String) throws(PatternSyntaxError) {
        guard pattern.utf8.count <= LinearPattern.longestPattern else {
            let message = "the pattern is longer than \(LinearPattern.longestPattern) bytes"
            throw PatternSyntaxError(offset: 0, message: message)
        }
        var parser = PatternParser(pattern)
        let node = try parser.parse()
        program = try PatternProgram(node, groupCount: parser.captureNames.count)
        self.pattern = pattern
        groupNames = parser.captureNames
        captureNames = parser.captureNames.compactMap { $0 }
    }

    /// The leftmost match, or `nil` when there is none.
    ///
    /// Of several that begin at the same place it is the one that preferring left alternatives and greedy or lazy repetitions
    /// leads to, as in engines that backtrack; they may differ in how often something that can be empty is repeated.
    public func firstMatch(in text: Text) -> PatternMatch? {
        var machine = PatternMachine(program)
        guard let places = text.utf8.withUnsafeBufferPointer({ machine.run($0) }) else { return nil }
        return PatternMatch(text: text, places: places, groupNames: groupNames)
    }
}

extension LinearPattern: Hashable {
    public static func == (left: LinearPattern, right: LinearPattern) -> Bool {
        left.pattern.utf8.elementsEqual(right.pattern.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        for byte in pattern.utf8 { hasher.combine(byte) }
    }
}

extension LinearPattern: CustomStringConvertible {
    public var description: String { pattern }
}
