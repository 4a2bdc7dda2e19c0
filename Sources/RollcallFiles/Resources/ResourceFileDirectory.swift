public import RollcallCore

/// SCIM resources in a JSON file as a source: a ListResponse, an array, or one resource a line (`.ndjson`).
///
/// What calls itself a group, by `schemas` or `meta.resourceType`, is one; all else is a user. A reading is whole when the JSON is, when
/// `totalResults`, if any, is the number of the resources, and when neither inode nor size nor time of writing moved meanwhile.
public struct ResourceFileDirectory: DirectorySource {
    private let settings: ResourceFileSettings
    private let limits: FileLimits

    public init(_ settings: ResourceFileSettings) {
        self.init(settings, limits: FileLimits())
    }

    init(_ settings: ResourceFileSettings, limits: FileLimits) {
        self.settings = settings
        self.limits = limits
    }

    /// Opens the file; no byte of it is read yet.
    public func read(_ request: ReadRequest) async throws(SourceError) -> any DirectoryReading {
        try FileReading(settings, request, limits)
    }

    /// Scans the file once for all anchors.
    public func lookUp(_ anchors: [Anchor], _ request: ReadRequest) async throws(SourceError) -> [Presence] {
        if anchors.isEmpty { return [] }
        let search = ResourceSearch(anchors, request, users: settings.userFilter, groups: settings.groupFilter)
        let place = FilePlace(path: settings.path)
        let scan = try FileScan(place, ResourceReader(settings, place) { resource, _ in search.take(resource) }, limits)
        while try scan.advance() {
            if Task.isCancelled { throw SourceError(.cancelled, subject: settings.path, message: "the look-up was cancelled") }
        }
        return anchors.map { search.answer(for: $0) ?? .gone }
    }
}
