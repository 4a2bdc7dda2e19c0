import RollcallCore

/// What a flavor sets when the file leaves it out.
enum FlavorDefaults {
    static let userFilter = "(objectClass=inetOrgPerson)"
    static let groupFilter = "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))"

    /// The status rules of a source: administrative locks and expiry. Of a lockout that a stranger can cause the last rule tells, which
    /// decides only when `lifecycle.temporary_lock` says so.
    ///
    /// | source | rules |
    /// | --- | --- |
    /// | openldap, LDIF | pwdAccountLockedTime=000001010000Z; pwdEndTime has passed; temporary: any other pwdAccountLockedTime |
    /// | generic | pwdAccountLockedTime=000001010000Z; nsAccountLock=TRUE; shadowExpire has passed; temporary: as above |
    /// | SCIM, JSON | active eq false |
    /// | CSV | none: a column counts when it is named |
    static func statusRules(_ kind: SourceKind) -> [StatusRule] {
        switch kind {
        case .ldap(.openldap), .file(.ldif), .unknown: [when(lockedForGood), expired("pwdEndTime"), lockedForATime].compactMap(\.self)
        case .ldap(.generic):
            [when(lockedForGood), when("(nsAccountLock=TRUE)"), expired("shadowExpire"), lockedForATime].compactMap(\.self)
        case .scim, .resources: [inactive].compactMap(\.self)
        case .file(.csv): []
        }
    }

    /// Locked by an administrator, draft-behera-ldap-password-policy section 5.3.3.
    private static let lockedForGood = "(pwdAccountLockedTime=000001010000Z)"

    /// Locked by wrong passwords, the same draft.
    private static var lockedForATime: StatusRule? {
        var rule = when("(&(pwdAccountLockedTime=*)(!\(lockedForGood)))")
        rule?.isTemporary = true
        return rule
    }

    /// Deactivated, RFC 7643 section 4.1.1.
    private static var inactive: StatusRule? {
        (try? ScimFilter(parsing: "active eq false")).map {
            StatusRule(test: .when(.scim(ScimCondition($0, states: .active))), outcome: .inactive, text: "\($0)", isDefault: true)
        }
    }

    private static func when(_ filter: String) -> StatusRule? {
        (try? Filter(parsing: filter)).map { StatusRule(test: .when(.ldap($0)), outcome: .inactive, text: filter, isDefault: true) }
    }

    private static func expired(_ name: String) -> StatusRule? {
        AttributeName(name).map { StatusRule(test: .expired($0), outcome: .inactive, text: "expired: \(name)", isDefault: true) }
    }
}
