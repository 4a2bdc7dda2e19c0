public import RollcallCore

/// What stands for a source that could not be read: a reading without entries. A run from it ends the access of those whose time is
/// over by what was read last, and does nothing else.
public struct LastSnapshot: DirectorySource {
    public init() {}

    public func read(_ request: ReadRequest) async throws(SourceError) -> any DirectoryReading { Nothing() }

    /// Nobody can be asked.
    public func lookUp(_ anchors: [Anchor], _ request: ReadRequest) async throws(SourceError) -> [Presence] {
        anchors.map { _ in .unknown("the source could not be read") }
    }

    private final class Nothing: DirectoryReading {
        func next() async throws(SourceError) -> ReadStep {
            var proof = ReadProof(server: "by what was read last", users: 0, groups: 0, rejected: 0, pages: 0, result: 0)
            proof.extent = .lastSnapshot
            proof.remarks = [Text("the source was not read; only those are looked at whose time is over by what was read last")]
            return .end(proof)
        }

        func cancel() {}
    }
}
