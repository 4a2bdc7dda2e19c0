import RollcallCore
import RollcallReading

@testable import RollcallSCIM

/// One GET without credentials, for a test that runs in a process of its own.
enum EnvironmentProbe {
    static func get(_ url: String) async throws -> String {
        try await WorkerThread.run("test") { (stop) throws(SourceError) in
            let settings = ScimSettings(url: url + "/scim")
            let patience = Patience(deadline: settings.deadline, answer: settings.answerTimeout)
            let connection = try HTTPConnection(settings, stop: stop, patience: patience) { (_) throws(SourceError) in Secret([]) }
            return try HTTPFixture.get(connection, url + "/scim/x", 1000).text
        }
    }
}
