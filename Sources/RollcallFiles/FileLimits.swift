/// How much of a file is held in memory at once. Sizes are in bytes.
///
/// Memory stays flat because of these: whatever the file, a reading holds one chunk, one long line and one record.
struct FileLimits: Sendable {
    /// The most that one `read(2)` asks for.
    var chunk = 256 << 10
    /// The longest line or cell that is kept whole. It is above ``user`` because base64 takes a third more room than what it holds.
    var line = 2 << 20
    /// The most that the wanted values of one user may take; of a larger user the largest attributes are unreadable.
    var user = 1 << 20
    /// The most that the wanted values of one group may take; of a larger group the members are not known.
    var group = 256 << 20
}
