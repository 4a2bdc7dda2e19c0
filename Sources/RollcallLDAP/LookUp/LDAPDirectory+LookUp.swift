public import RollcallCore
import RollcallReading

extension LDAPDirectory {
    public func lookUp(_ anchors: [Anchor], _ request: ReadRequest) async throws(SourceError) -> [Presence] {
        guard !anchors.isEmpty, let userAnchor = request.users.names.first else { return [] }
        let (scope, anchorName) =
            switch request.sought {
            case .user: (settings.users as LDAPSettings.Search?, userAnchor)
            case .group: (settings.groups, request.groupAnchor)
            }
        guard let scope else { return anchors.map { _ in .unknown("the config does not say where groups are") } }
        return try await WorkerThread.run(name) { [self] stop throws(SourceError) in
            let patience = Patience(deadline: settings.deadline, answer: settings.answerTimeout, alive: request.alive)
            let session = try open(stop, patience)
            let rootDSE = try introduce(session)
            let context = rootDSE?.namingContext(of: scope.base) ?? scope.base
            let lookUp = PresenceLookUp(
                session: session, scope: scope, referrals: settings.referrals, anchorName: anchorName, context: context)
            return try lookUp.run(anchors)
        }
    }
}
