/// What a resource wrote otherwise than RFC 7643 says and was understood all the same.
public struct ScimTolerances: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// An attribute of an extension under a key of its own, `urn:…:User:department` or `urn:…:User.department`.
    public static let flattenedExtension = ScimTolerances(rawValue: 1)
    /// A boolean as text, such as `"True"`.
    public static let booleanAsText = ScimTolerances(rawValue: 2)
    /// A boolean as the number 0 or 1.
    public static let booleanAsNumber = ScimTolerances(rawValue: 4)
    /// A number where a filter compares with text, or text that holds a number where it compares with a number.
    public static let numberAsText = ScimTolerances(rawValue: 8)
}
