import RollcallCore
import RollcallReading

/// Makes raw entries out of SearchResultEntry messages.
struct RawDecoding: EntrySink {
    private let kind: RawEntry.Kind
    private var batch = EntryBatch()
    private var batchBytes = 0
    private var builder = RawEntryBuilder()

    init(_ kind: RawEntry.Kind) {
        self.kind = kind
    }

    /// What is asked for: every user attribute (RFC 4511 section 4.5.1.8), and the operational ones that some config may read.
    static func attributes(_ names: [AttributeName]) -> [String] {
        var seen: Set<AttributeName> = []
        let all = (names + operational).filter { !SecretAttributes.contains($0) && seen.insert($0).inserted }
        return ["*"] + all.map { "\($0)" }
    }

    /// Anchors, states, times and memberships that `*` does not bring on some server or other.
    private static let operational = [
        "entryUUID", "nsUniqueId", "ipaUniqueID", "objectGUID", "GUID", "structuralObjectClass", "createTimestamp", "modifyTimestamp",
        "memberOf", "isMemberOf", "nsAccountLock", "nsRoleDN", "loginDisabled", "lockedByIntruder", "loginExpirationTime",
        "pwdAccountLockedTime", "pwdStartTime", "pwdEndTime", "pwdChangedTime", "pwdPolicySubentry", "pwdReset", "pwdLastSuccess",
        "accountUnlockTime", "passwordExpirationTime", "userAccountControl", "msDS-User-Account-Control-Computed", "accountExpires",
        "lockoutTime", "krbPrincipalExpiration", "krbPasswordExpiration",
    ].compactMap { AttributeName($0) }

    var isFull: Bool { batch.count >= EntryLimits.batchEntries || batchBytes >= EntryLimits.batchBytes }

    mutating func takeBatch() -> EntryBatch {
        defer {
            batch = EntryBatch()
            batchBytes = 0
        }
        return batch
    }

    mutating func add(_ message: borrowing LDAPMessage, _ session: LDAPSession) throws(SourceError) {
        var fields = try EntryFields(session, message)
        builder.begin(kind, dn: fields.dn)
        while try fields.advance() {
            if SecretAttributes.contains(description: fields.name) { continue }
            builder.attribute(fields.name)
            for index in 0..<fields.valueCount {
                let value = fields.value(index)
                guard builder.byteCount + value.count <= EntryLimits.group else {
                    builder.cut()
                    break
                }
                builder.value(value)
            }
        }
        let entry = builder.finish()
        batchBytes += entry.bytes.count
        batch.raw.append(entry)
    }
}
