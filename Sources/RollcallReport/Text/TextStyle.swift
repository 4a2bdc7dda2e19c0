/// How a report looks on a terminal.
public struct TextStyle: Hashable, Sendable {
    /// Whether ANSI colours are used. The caller decides by terminal and `NO_COLOR`. No colour carries meaning alone.
    public var isColored: Bool
    /// How many changes of one kind, and remarks of one kind, are shown. That many are held in memory.
    public var rowsPerKind: Int
    /// How many columns one value from outside may take before it is cut with `…`.
    public var valueWidth: Int

    public init(isColored: Bool = false, rowsPerKind: Int = 25, valueWidth: Int = 200) {
        self.isColored = isColored
        self.rowsPerKind = max(1, rowsPerKind)
        self.valueWidth = max(8, valueWidth)
    }

    /// What a piece of text is, from which its colour follows.
    enum Ink: String {
        case good = "32"
        case waiting = "33"
        case bad = "31"
        case heading = "1"
        case quiet = "2"
    }

    /// The text in the colour of `ink`, or as it is.
    func colored(_ text: String, _ ink: Ink) -> String {
        isColored ? "\u{1B}[\(ink.rawValue)m\(text)\u{1B}[0m" : text
    }
}
