/// How the daemon paces its runs.
public struct DaemonSettings: Hashable, Sendable {
    /// From the start of one run to the start of the next.
    public var interval = Span(seconds: 15 * 60)
    /// How often a run is a scheduled full reading.
    public var fullEvery = Span(seconds: 24 * 3600)

    public init() {}
}
