/// A text with places to fill in, such as `Team {team}`.
///
/// `{name}` stands for the value of that name; `{{` and `}}` stand for a brace. A name is ASCII letters, digits and `_`, and does
/// not begin with a digit.
public struct PatternTemplate: Hashable, Sendable {
    private enum Part: Hashable {
        case literal(Text)
        case name(String)
    }

    /// The names used, each once, in the order of their first use.
    public let names: [String]

    private let parts: [Part]

    /// Reads a template, or says where and why it cannot.
    public init(_ template: String) throws(PatternSyntaxError) {
        var cursor = PatternCursor(template)
        var parts: [Part] = []
        var names: [String] = []
        var literal = String.UnicodeScalarView()
        while let character = cursor.next() {
            let start = cursor.offset - 1
            guard character == "{" || character == "}" else {
                literal.append(character)
                continue
            }
            if cursor.take(character) {
                literal.append(character)
                continue
            }
            guard character == "{" else { throw cursor.error("this } closes nothing; write }} for the character", at: start) }
            let name = cursor.takeName()
            guard !name.isEmpty, cursor.take("}") else {
                throw cursor.error("a place is {name}, the name letters, digits and _ of ASCII; write {{ for the character", at: start)
            }
            if !literal.isEmpty { parts.append(.literal(Text(String(literal)))) }
            literal = String.UnicodeScalarView()
            parts.append(.name(name))
            if !names.contains(name) { names.append(name) }
        }
        if !literal.isEmpty { parts.append(.literal(Text(String(literal)))) }
        self.parts = parts
        self.names = names
    }

    /// The names that the pattern has no group for; a template that may be used with the pattern has none.
    public func namesMissing(in pattern: LinearPattern) -> [String] {
        names.filter { !pattern.captureNames.contains($0) }
    }

    /// The template filled from the groups of a match, or `nil` when one of them took no part.
    public func filled(from match: PatternMatch) -> Text? {
        filled { match[$0] }
    }

    /// The template filled with whatever the closure knows, or `nil` when it does not know a name.
    public func filled(with value: (String) -> Text?) -> Text? {
        var bytes: [UInt8] = []
        for part in parts {
            switch part {
            case .literal(let text): bytes += text.utf8
            case .name(let name):
                guard let text = value(name) else { return nil }
                bytes += text.utf8
            }
        }
        return Text(unchecked: bytes)
    }
}
