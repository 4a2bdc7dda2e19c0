public import RollcallCore
import RollcallReading

extension ScimDirectory {
    /// Looks at the service as a reading by `request` would meet it, one thing after the other; ends at what ends a reading.
    public func probe(_ request: ReadRequest) async -> [SourceProbe] {
        do throws(SourceError) {
            return try await WorkerThread.run(subject) { [self] stop throws(SourceError) -> [SourceProbe] in
                var prober = SourceProber(settings: settings, request: request)
                do throws(SourceError) {
                    try connected(stop) { (connection) throws(SourceError) in
                        if settings.isFeed { try prober.lookAtFeed(connection) } else { try prober.look(connection) }
                    }
                } catch {
                    prober.add(error)
                }
                return prober.probes
            }
        } catch {
            return [SourceProbe(error)]
        }
    }
}
