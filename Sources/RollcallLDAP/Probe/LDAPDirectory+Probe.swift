public import RollcallCore
import RollcallReading

extension LDAPDirectory {
    /// Looks at everything that a reading needs, and goes on as far as it can: server, TLS, identity, abilities, bases, and how many
    /// of the first entries have each attribute.
    ///
    /// It reads at most one page. Nothing is thrown: what fails is the last probe.
    public func probe(_ request: ReadRequest) async -> [SourceProbe] {
        do {
            return try await WorkerThread.run(name) { [self] stop throws(SourceError) in
                var prober = Prober(settings: settings, request: request)
                do throws(SourceError) {
                    try prober.look(open(stop, Patience(deadline: settings.deadline, answer: settings.answerTimeout)), self)
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
