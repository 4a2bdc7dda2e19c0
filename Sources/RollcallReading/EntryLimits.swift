/// How much of an entry is kept, in bytes of names and values.
///
/// Of a larger user the largest attributes are unreadable, and of a larger group the members are not known, which bounds memory and leaves
/// the rest of the entry and of the reading whole.
package enum EntryLimits {
    package static let user = 1 << 20
    package static let anchor = 1024
    package static let group = 256 << 20
    /// The most member bytes that wait in one batch before it is handed over.
    package static let batchBytes = 4 << 20
    package static let batchEntries = 1000
}
