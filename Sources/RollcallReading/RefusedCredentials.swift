package import RollcallCore
import Synchronization

/// Remembers that a source refused our credentials, so that they are not tried again.
///
/// Servers count refused attempts and lock the account after a few of them (`pwdMaxFailure` of OpenLDAP, for example). One command
/// opens several connections: to probe, to read, to look entries up. Only the first one may be refused.
package final class RefusedCredentials: Sendable {
    private let refusal = Mutex<SourceError?>(nil)

    package init() {}

    /// Whether an attempt was refused.
    package var isNoted: Bool { refusal.withLock { $0 != nil } }

    /// Lets an attempt pass unless an earlier one was refused.
    ///
    /// - Throws: The earlier refusal; nothing is sent.
    package func check() throws(SourceError) {
        if let known = refusal.withLock({ $0 }) { throw known }
    }

    /// Keeps a refusal; the first one counts.
    package func note(_ error: SourceError) {
        refusal.withLock { $0 = $0 ?? error }
    }
}
