/// The ETag of a feed (RFC 9110 section 8.8.3), as it is kept with an applied snapshot in the place of a watermark.
///
/// It stands for what the feed holds. A feed that still has it need not be read, if all of it was applied and nothing has moved here.
public struct FeedMark: Hashable, Sendable {
    public let etag: String
    /// Where the feed was; another feed may have the same tag. Empty when it is not kept yet.
    public var place = ""

    private static let prefix = "etag "
    private static let joint = " of "

    /// Takes what was kept; `nil` when it is something else.
    public init?(kept: String) {
        guard kept.hasPrefix(FeedMark.prefix) else { return nil }
        // A tag has no blank.
        let parts = kept.dropFirst(FeedMark.prefix.count).split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 1 || (parts.count == 3 && parts[1] == "of") else { return nil }
        self.init(etag: parts[0])
        if parts.count == 3 { place = parts[2] }
    }

    /// Takes a tag as it came; `nil` when it is none that could be sent back.
    public init?(etag: String) {
        guard etag.hasPrefix("\"") || etag.hasPrefix("W/\""), etag.hasSuffix("\""), etag.utf8.count <= 1000,
            etag.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        self.etag = etag
    }

    /// What is kept.
    public var text: String { FeedMark.prefix + etag + (place.isEmpty ? "" : FeedMark.joint + place) }
}
