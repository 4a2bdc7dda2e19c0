/// Looks for some anchors among resources.
///
/// | there is | the answer is |
/// | --- | --- |
/// | a resource with the anchor, which the filter of what is sought selects | in scope |
/// | a resource with the anchor otherwise | left scope |
/// | none, but resources whose anchor cannot be read | unknown: it may be one of them |
/// | none | gone |
public final class ResourceSearch {
    private let sought: EntryKind
    private let filter: ScimFilter?
    private let anchor: ScimPath?
    private var found: [[UInt8]: Presence?]
    private var unreadable = 0

    public init(_ anchors: [Anchor], _ request: ReadRequest, users: ScimFilter?, groups: ScimFilter?) {
        sought = request.sought
        filter = sought == .user ? users : groups
        let name = sought == .user ? request.users.names.first ?? .id : .id
        anchor = try? ScimPath(parsing: "\(name)")
        found = Dictionary(anchors.map { ($0.bytes, nil) }, uniquingKeysWith: { first, _ in first })
    }

    /// Takes a resource of a list that holds users and groups alike.
    public func take(_ resource: JSONElement) {
        guard resource.isGroup == (sought == .group) else { return }
        take(sought: resource)
    }

    /// Takes a resource of the kind that is sought.
    public func take(sought resource: JSONElement) {
        var tolerances = ScimTolerances()
        var values: [[UInt8]] = []
        anchor?.forEachValue(in: resource, tolerances: &tolerances) { values.append($0.bytes) }
        values.removeAll { $0.isEmpty }
        if values.isEmpty { unreadable += 1 }
        for value in values {
            guard let former = found[value], former != .inScope else { continue }
            switch filter?.evaluate(on: resource, tolerances: &tolerances).truth ?? .yes {
            case .yes: found[value] = .inScope
            case .no: found[value] = .leftScope(dn: Text(ResourceName.of(sought, value)) ?? .empty)
            case .unknown: found[value] = .unknown("whether the filter selects it cannot be told")
            }
        }
    }

    /// The answer for an anchor, once all resources were taken; `nil` when they say nothing about it.
    public func answer(for anchor: Anchor) -> Presence? {
        if let presence = found[anchor.bytes] ?? nil { return presence }
        if unreadable == 0 { return nil }
        return .unknown("it is not there, and \(unreadable) resources have no id that can be read")
    }
}
