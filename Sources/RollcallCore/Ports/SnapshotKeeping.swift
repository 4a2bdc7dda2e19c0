/// Where a snapshot is kept while it is made.
///
/// The verbs are called in the order in which they stand here; they block, as writing does. What was not committed leaves nothing.
public protocol SnapshotKeeping: AnyObject {
    /// Keeps entries of the reading.
    func keep(_ entries: [RawEntry]) throws

    /// Ends the entries with the proof that they are all, and gives a source that reads them again.
    ///
    /// - Parameter live: where that source looks up who is missing; each answer is kept.
    func prove(_ proof: ReadProof, lookingUpIn live: any DirectorySource) throws -> any DirectorySource

    /// Completes the snapshot and puts it in its place.
    func commit() throws -> SnapshotFacts

    /// Throws away what was not committed. Harmless after ``commit()``.
    func discard()
}
