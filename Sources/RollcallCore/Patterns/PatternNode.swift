/// A pattern as its parts.
indirect enum PatternNode: Sendable {
    case scalar(UInt32)
    /// Any scalar but the line feed.
    case any
    case set(ScalarSet)
    case textStart
    case textEnd
    case sequence([PatternNode])
    /// The first alternative is preferred.
    case alternatives([PatternNode])
    case capture(number: Int, PatternNode)
    /// `most` is `nil` for any number; a lazy repetition prefers fewer.
    case repetition(PatternNode, least: Int, most: Int?, lazy: Bool)
}
