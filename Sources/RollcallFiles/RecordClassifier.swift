import RollcallCore

/// Tells users from groups from everything else that a directory holds.
///
/// | users filter | groups filter | the record is |
/// | --- | --- | --- |
/// | yes | any | a user |
/// | else | yes | a group |
/// | cannot be told, for a value that it reads was left out | else | perhaps a user |
/// | else | cannot be told, for a value that it reads was left out | perhaps a group |
/// | else | else | neither, and passed over |
struct RecordClassifier: Sendable {
    enum Kind: Sendable {
        case user
        case group
        case perhapsUser
        case perhapsGroup
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
        let isUser = isSelected(record, by: users, within: scope?.users)
        if isUser == .yes { return .user }
        let isGroup = groups.map { isSelected(record, by: $0, within: scope?.groups) } ?? .no
        if isGroup == .yes { return .group }
        // A filter that cannot be told of a whole record selects it no more than a server's would.
        guard record.lacksValues else { return .other }
        if isUser == .unknown { return .perhapsUser }
        return isGroup == .unknown ? .perhapsGroup : .other
    }

    private func isSelected(_ record: Record, by filter: RecordFilter, within search: LDAPSettings.Search?) -> Truth {
        let truth = filter.evaluate(on: record)
        return truth == .no || isWithin(search, record) ? truth : .no
    }

    private func isWithin(_ search: LDAPSettings.Search?, _ record: Record) -> Bool {
        guard let search, !search.isEverywhere else { return true }
        return (try? DistinguishedName(parsing: record.dn[...])).map(search.covers) ?? false
    }
}
