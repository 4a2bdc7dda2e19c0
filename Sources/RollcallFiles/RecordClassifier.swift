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

    /// - Parameter groups: `nil` when no groups are read.
    init(users: Filter, groups: Filter?, _ attributes: WantedAttributes) {
        self.users = RecordFilter(users, attributes)
        self.groups = groups.map { RecordFilter($0, attributes) }
    }

    func kind(of record: Record) -> Kind {
        if users.evaluate(on: record) == .yes { return .user }
        if let groups, groups.evaluate(on: record) == .yes { return .group }
        return .other
    }
}
