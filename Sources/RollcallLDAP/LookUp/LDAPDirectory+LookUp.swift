public import RollcallCore

extension LDAPDirectory {
    public func lookUp(_ anchors: [Anchor], _ request: ReadRequest) async throws(SourceError) -> [Presence] {
        guard !anchors.isEmpty, let anchorName = request.users.names.first else { return [] }
        return try await WorkerThread.run(name) { [self] stop throws(SourceError) in
            let session = try open(stop, Patience(settings))
            let rootDSE = try introduce(session)
            let context = rootDSE?.namingContext(of: settings.users.base) ?? settings.users.base
            let lookUp = PresenceLookUp(session: session, settings: settings, anchorName: anchorName, context: context)
            return try lookUp.run(anchors)
        }
    }
}
