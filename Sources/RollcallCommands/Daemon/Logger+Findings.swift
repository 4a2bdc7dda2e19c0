internal import Logging
internal import RollcallCore

extension Logger {
    /// Logs each finding as what it is.
    ///
    /// - Returns: how many of them are errors.
    @discardableResult
    func report(_ findings: [Finding]) -> Int {
        for finding in findings { log(level: finding.severity.level, "\(finding)") }
        return findings.count { $0.severity == .error }
    }
}

extension Finding.Severity {
    fileprivate var level: Logger.Level {
        switch self {
        case .error: .error
        case .warning: .warning
        case .note: .info
        }
    }
}
