/// The ETag of a feed (RFC 9110 section 8.8.3), as it is kept with an applied snapshot in the place of a watermark: `etag ` and the tag.
///
/// It stands for what the feed holds. A feed that still has it need not be read, if all of it was applied and nothing has moved here.
public struct FeedMark: Sendable {
    public let etag: String

    private static let prefix = "etag "

    /// Takes what was kept; `nil` when it is something else.
    public init?(kept: String) {
        guard kept.hasPrefix(FeedMark.prefix) else { return nil }
        self.init(etag: String(kept.dropFirst(FeedMark.prefix.count)))
    }

    /// Takes a tag as it came; `nil` when it is none that could be sent back.
    public init?(etag: String) {
        guard etag.hasPrefix("\"") || etag.hasPrefix("W/\""), etag.hasSuffix("\""), etag.utf8.count <= 1000,
            etag.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        self.etag = etag
    }

    /// What is kept.
    public var text: String { FeedMark.prefix + etag }
}
