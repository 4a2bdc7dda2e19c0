import RollcallCore

extension ScimFilter {
    /// The time of a resource's last change (RFC 7643 section 3.1).
    static let lastModified = "meta.lastModified"

    /// The filter that selects what was changed at or after `since`, to the second below, and passes `filter`.
    static func text(changedSince since: Instant, and filter: ScimFilter?) -> String {
        let changed = "\(lastModified) ge \"\(since.wholeSeconds)\""
        return switch filter {
        case nil: changed
        case .some(.or(let parts)): "\(changed) and (\(ScimFilter.or(parts)))"
        case .some(let filter): "\(changed) and \(filter)"
        }
    }
}
