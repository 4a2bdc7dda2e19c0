/// The path of an attribute, such as `name.familyName` or `emails[type eq "work"].value` (RFC 7644 section 3.5.2).
///
/// Two paths are equal when their ``folded`` texts are: case counts only inside text literals, spaces and escapes do not count.
/// `userName` and the same attribute with the URN of its schema before it are two paths with one meaning.
public struct ScimPath: Hashable, Sendable, CustomStringConvertible {
    /// The URN of the schema in lower case, or `nil` where the path has none.
    public let schema: [UInt8]?
    /// The name of the attribute in lower case.
    public let attribute: [UInt8]
    /// Which values of the attribute are meant, or `nil` for no choice.
    public let filter: ScimFilter?
    /// The name of the sub-attribute in lower case, or `nil` where the path has none.
    public let subAttribute: [UInt8]?
    /// The identity of the path: its canonical text.
    public let folded: [UInt8]
    /// The path as it was written, except that a filter has single spaces and lower-case operators.
    public let description: String

    /// Where in a resource the attribute stands.
    let place: Place

    /// The top level, or the object of an extension.
    enum Place: Sendable {
        case resource
        /// The extension's key, and the two keys that the attribute has at the top level where there is no such object.
        case `extension`(urn: [UInt8], colonKey: [UInt8], dotKey: [UInt8])
    }

    /// Puts a path together from names as they were written.
    init(
        schema: ArraySlice<UInt8>?, attribute: ArraySlice<UInt8>, filter: ScimFilter? = nil, subAttribute: ArraySlice<UInt8>? = nil
    ) {
        let urn = schema.map(ScimFolding.name)
        let name = ScimFolding.name(attribute)
        self.schema = urn
        self.attribute = name
        self.filter = filter
        self.subAttribute = subAttribute.map(ScimFolding.name)
        let written = Self.text(schema, attribute, filter?.text(isFolded: false), subAttribute)
        description = String(decoding: written, as: UTF8.self)
        folded = Self.text(urn?[...], name[...], filter?.text(isFolded: true), self.subAttribute?[...])
        if let urn, !Self.coreSchemas.contains(urn) {
            place = .extension(urn: urn, colonKey: urn + [UInt8(ascii: ":")] + name, dotKey: urn + [UInt8(ascii: ".")] + name)
        } else {
            place = .resource
        }
    }

    private static func text(
        _ schema: ArraySlice<UInt8>?, _ attribute: ArraySlice<UInt8>, _ filter: [UInt8]?, _ subAttribute: ArraySlice<UInt8>?
    ) -> [UInt8] {
        var out: [UInt8] = []
        if let schema { out += schema + [UInt8(ascii: ":")] }
        out += attribute
        if let filter { out += [UInt8(ascii: "[")] + filter + [UInt8(ascii: "]")] }
        if let subAttribute { out += [UInt8(ascii: ".")] + subAttribute }
        return out
    }

    public static func == (left: ScimPath, right: ScimPath) -> Bool { left.folded == right.folded }

    public func hash(into hasher: inout Hasher) { hasher.combine(folded) }

    /// Whether this is `id` or `externalId` of a resource, in which case counts (RFC 7643 section 3.1).
    var isIdentifier: Bool {
        guard case .resource = place, subAttribute == nil else { return false }
        return Self.identifiers.contains(attribute)
    }

    /// Whether this is `active` of a resource (RFC 7643 section 4.1.1), or a part of it.
    var isActive: Bool {
        guard case .resource = place else { return false }
        return attribute == Self.active
    }

    private static let active = Array("active".utf8)

    private static let identifiers = [Array("id".utf8), Array("externalid".utf8)]

    /// The schemas whose attributes stand at the top level (RFC 7643 section 3.3).
    private static let coreSchemas = [
        Array("urn:ietf:params:scim:schemas:core:2.0:user".utf8), Array("urn:ietf:params:scim:schemas:core:2.0:group".utf8),
    ]
}
