/// A question about an entry, in the language of its source.
public enum Condition: Hashable, Sendable, CustomStringConvertible {
    /// A filter of RFC 4515, for LDAP, LDIF and CSV.
    case ldap(Filter)
    /// A filter of RFC 7644, for SCIM and JSON.
    case scim(ScimCondition)

    /// The attributes that it reads.
    public var attributes: [AttributeName] {
        switch self {
        case .ldap(let filter): filter.attributes
        case .scim(let condition): condition.attributes
        }
    }

    /// Whether an entry answers it with yes.
    public func evaluate(on subject: some FilterSubject) -> Truth {
        switch self {
        case .ldap(let filter): filter.evaluate(on: subject)
        case .scim(let condition): condition.truth(on: subject)
        }
    }

    /// Whether only an entry that has a value for one of the attributes can answer yes.
    var needsValue: Bool {
        switch self {
        case .ldap(let filter): filter.needsValue
        case .scim: true
        }
    }

    /// The filter as it was written.
    public var description: String {
        switch self {
        case .ldap(let filter): "\(filter)"
        case .scim(let condition): "\(condition)"
        }
    }
}
