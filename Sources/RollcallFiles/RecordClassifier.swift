import RollcallCore

/// Tells users from groups from everything else that a directory holds.
///
/// | users filter | groups filter | the record is |
/// | --- | --- | --- |
/// | yes | any | a user |
/// | else | yes | a group |
/// | else | else | neither, and passed over |
struct RecordClassifier: Sendable {
    enum Kind: Sendable {
        case user
        case group
        case other
    }

    private let users: RecordFilter
    private let groups: RecordFilter?
    private let scope: ReplayScope?

    /// - Parameters:
    ///   - groups: `nil` when no groups are read.
    ///   - scope: where users and groups may be, by their names; `nil` for everywhere.
    init(users: Filter, groups: Filter?, _ attributes: WantedAttributes, scope: ReplayScope? = nil) {
        self.users = RecordFilter(users, attributes)
        self.groups = groups.map { RecordFilter($0, attributes) }
        self.scope = scope
    }

    func kind(of record: Record) -> Kind {
        if users.evaluate(on: record) == .yes, isWithin(scope?.users, record) { return .user }
        if let groups, groups.evaluate(on: record) == .yes, isWithin(scope?.groups, record) { return .group }
        return .other
    }

    private func isWithin(_ search: LDAPSettings.Search?, _ record: Record) -> Bool {
        guard let search, !search.isEverywhere else { return true }
        return (try? DistinguishedName(parsing: record.dn[...])).map(search.covers) ?? false
    }
}
