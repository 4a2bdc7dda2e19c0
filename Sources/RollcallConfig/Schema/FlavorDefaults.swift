import RollcallCore

/// What a flavor sets when the file leaves it out.
enum FlavorDefaults {
    static let userFilter = "(objectClass=inetOrgPerson)"
    static let groupFilter = "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))"

    /// The status rules of a source: administrative locks and expiry only, never a lockout that a stranger can cause.
    ///
    /// | source | rules |
    /// | --- | --- |
    /// | openldap, LDIF | pwdAccountLockedTime=000001010000Z; pwdEndTime has passed |
    /// | generic | pwdAccountLockedTime=000001010000Z; nsAccountLock=TRUE; shadowExpire has passed |
    /// | CSV | none: a column counts when it is named |
    static func statusRules(_ kind: SourceKind) -> [StatusRule] {
        switch kind {
        case .ldap(.openldap), .file(.ldif), .unknown: [when(lockedForGood), expired("pwdEndTime")].compactMap(\.self)
        case .ldap(.generic): [when(lockedForGood), when("(nsAccountLock=TRUE)"), expired("shadowExpire")].compactMap(\.self)
        case .file(.csv): []
        }
    }

    /// Locked by an administrator, draft-behera-ldap-password-policy section 5.3.3.
    private static let lockedForGood = "(pwdAccountLockedTime=000001010000Z)"

    private static func when(_ filter: String) -> StatusRule? {
        (try? Filter(parsing: filter)).map { StatusRule(test: .when($0), outcome: .inactive, text: filter, isDefault: true) }
    }

    private static func expired(_ name: String) -> StatusRule? {
        AttributeName(name).map { StatusRule(test: .expired($0), outcome: .inactive, text: "expired: \(name)", isDefault: true) }
    }
}
