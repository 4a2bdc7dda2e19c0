/// From where on a source can be asked for what has changed, kept with an applied snapshot in the place of a watermark.
///
/// What has changed says nothing about what is gone. So the mark keeps how many users and groups the source said it had: when it
/// has as many more now as came for the first time, nothing is gone, and what was kept is still the whole.
public struct FollowMark: Hashable, Sendable {
    /// What was changed at or after this time, by the source's clock, may not have been in the reading.
    public var since: Instant
    /// How many users and groups the source said it had.
    public var users: Int
    public var groups: Int
    /// When all of it was read last, by our clock.
    public var readWhole: Instant
    /// Where the source was; another one has other changes. Empty when it is not kept yet.
    public var place = ""

    private static let prefix = "changes since "

    public init(since: Instant, users: Int, groups: Int, readWhole: Instant) {
        self.since = since
        self.users = users
        self.groups = groups
        self.readWhole = readWhole
    }

    /// Takes what was kept; `nil` when it is something else.
    public init?(kept: String) {
        guard kept.hasPrefix(FollowMark.prefix) else { return nil }
        let parts = kept.dropFirst(FollowMark.prefix.count).split(separator: " ").map(String.init)
        guard parts.count == 7 || (parts.count == 9 && parts[7] == "of"), parts[1] == "users", parts[3] == "groups", parts[5] == "whole",
            let since = Instant(rfc3339: parts[0]),
            let users = Int(parts[2]), let groups = Int(parts[4]), let readWhole = Instant(rfc3339: parts[6]), users >= 0, groups >= 0
        else { return nil }
        self.init(since: since, users: users, groups: groups, readWhole: readWhole)
        if parts.count == 9 { place = parts[8] }
    }

    /// What is kept.
    public var text: String {
        "\(FollowMark.prefix)\(since) users \(users) groups \(groups) whole \(readWhole)" + (place.isEmpty ? "" : " of \(place)")
    }
}
