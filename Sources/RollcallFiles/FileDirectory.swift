public import RollcallCore

/// A directory in a file: LDIF content records (RFC 2849) or CSV with a header (RFC 4180).
///
/// A reading is whole when the file was read to its end, its last record is complete, its last line has a line end, and neither its
/// inode nor its size nor its time of writing moved meanwhile. One record counts as a user if the users filter selects it, else as a group if the groups filter does,
/// else it is passed over.
public struct FileDirectory: DirectorySource {
    private let settings: FileSourceSettings
    private let limits: FileLimits

    public init(_ settings: FileSourceSettings) {
        self.init(settings, limits: FileLimits())
    }

    init(_ settings: FileSourceSettings, limits: FileLimits) {
        self.settings = settings
        self.limits = limits
    }

    /// Opens the file; no byte of it is read yet.
    public func read(_ request: ReadRequest) async throws(SourceError) -> any DirectoryReading {
        try FileReading(settings, request, limits)
    }

    /// Scans the file once for all anchors.
    ///
    /// An anchor that no record has is ``Presence/gone``, unless there are users whose own anchor cannot be read.
    public func lookUp(_ anchors: [Anchor], _ request: ReadRequest) async throws(SourceError) -> [Presence] {
        if anchors.isEmpty { return [] }
        if request.sought == .group, settings.groups == nil {
            return anchors.map { _ in .unknown("the config does not say what groups are") }
        }
        var request = request
        request.readsGroups = request.sought == .group
        let attributes = WantedAttributes(request, users: settings.users, groups: request.sought == .group ? settings.groups : nil)
        let search = AnchorSearch(anchors, settings, request, attributes)
        let scan = try FileScan(settings, attributes, request, limits, search)
        while try scan.advance() {
            if Task.isCancelled { throw SourceError(.cancelled, subject: settings.path, message: "the look-up was cancelled") }
        }
        return anchors.map { search.presence(of: $0) }
    }
}
