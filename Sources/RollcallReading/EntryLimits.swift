/// The largest entries that are taken, in bytes of names and values.
///
/// Larger ones are rejected one by one, which bounds memory and leaves the rest of the reading whole.
package enum EntryLimits {
    package static let user = 1 << 20
    package static let group = 256 << 20
    /// The most member bytes that wait in one batch before it is handed over.
    package static let batchBytes = 4 << 20
    package static let batchEntries = 1000
}
