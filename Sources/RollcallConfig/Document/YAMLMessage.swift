/// What libyaml says about a syntax error, in words for somebody who does not know its grammar.
struct YAMLMessage {
    let text: String
    let advice: String

    /// - Parameter opened: where what libyaml was reading began, such as the `[` of a list.
    init(problem: String, context: String?, opened: Place?) {
        let (plain, advice) = YAMLMessage.known[problem] ?? (problem, "")
        text = "not valid YAML: " + plain
        if let what = context.flatMap({ YAMLMessage.openings[$0] }), YAMLMessage.unclosed.contains(problem), let opened {
            self.advice = "the \(what) on line \(opened.line), column \(opened.column) is not closed"
        } else {
            self.advice = advice
        }
    }

    private static let openings = [
        "while parsing a flow sequence": "`[`", "while parsing a flow mapping": "`{`", "while scanning a quoted scalar": "quote",
    ]

    private static let unclosed: Set<String> = [
        "did not find expected ',' or ']'", "did not find expected ',' or '}'", "found unexpected end of stream",
        "found unexpected document indicator",
    ]

    private static let known: [String: (text: String, advice: String)] = [
        "did not find expected key": ("expected a key here", "check the indentation, and quote text that holds `: `, `#` or quotes"),
        "did not find expected '-' indicator": ("expected `- ` here", "all items of one list begin in the same column"),
        "did not find expected ',' or ']'": ("expected `,` or `]` here", ""),
        "did not find expected ',' or '}'": ("expected `,` or `}` here", ""),
        "found unexpected end of stream": ("the file ends inside a quoted text", ""),
        "found unexpected document indicator": ("`---` or `...` inside a quoted text", ""),
        "Maximum nesting level reached, set with yaml_set_max_nest_level())": ("too many brackets inside each other", ""),
        "mapping values are not allowed in this context":
            ("a `:` is not allowed here", "check the indentation, and put text that holds `: ` in quotes"),
        "could not find expected ':'": ("expected `:` after the key", "write `key: value`, with a space after the colon"),
        "found character that cannot start any token":
            ("a value cannot begin with this character", "put text that begins with `@`, a backquote or `%` in quotes"),
        "found undefined alias": ("a `*name` that is defined nowhere", "put text that begins with `*` in quotes"),
        "found unknown escape character": ("unknown escape after `\\`", "use single quotes: in them a backslash is only a backslash"),
        "block sequence entries are not allowed in this context": (
            "a `- ` item is not allowed here", "begin the list on a line of its own"
        ),
        "did not find expected <document start>": ("expected one configuration", "nothing may stand before or after its keys"),
    ]
}
