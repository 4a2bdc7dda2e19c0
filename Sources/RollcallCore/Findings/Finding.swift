/// One thing worth saying about config or data: a value, never a throw, so that all of them come at once.
public struct Finding: Hashable, Sendable, CustomStringConvertible {
    /// How much it matters.
    public enum Severity: String, Hashable, Sendable, CaseIterable {
        case error
        case warning
        case note
    }

    public let severity: Severity
    /// Where it stands; `nil` when it is about no file.
    public let location: SourceLocation?
    /// What is wrong, in one line.
    public let message: String
    /// What to do about it; empty when the message says it all.
    public let advice: String

    public init(_ severity: Severity, at location: SourceLocation? = nil, _ message: String, advice: String = "") {
        self.severity = severity
        self.location = location
        self.message = message
        self.advice = advice
    }

    public var description: String {
        let place = location.map { "\($0): " } ?? ""
        return "\(place)\(severity.rawValue): \(message)" + (advice.isEmpty ? "" : " (\(advice))")
    }
}

/// A place in a text file, counted from 1 as editors do.
public struct SourceLocation: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let file: String
    public let line: Int
    public let column: Int

    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    public var description: String { "\(file):\(line):\(column)" }

    public static func < (left: SourceLocation, right: SourceLocation) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}
