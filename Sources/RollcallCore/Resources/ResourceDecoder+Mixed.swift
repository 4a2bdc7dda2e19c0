extension ResourceDecoder {
    /// Takes a resource of a list that holds users and groups alike: what calls itself a group is one, all else is a user.
    public func take(_ resource: JSONElement, repeating name: String?) {
        if resource.isGroup {
            if request.readsGroups { takeGroup(resource, repeating: name) }
        } else {
            takeUser(resource, repeating: name)
        }
    }
}

extension JSONElement {
    /// Whether a resource calls itself a group: by `schemas` (RFC 7643 section 3), else by `meta.resourceType`.
    public var isGroup: Bool {
        var isFound = false
        member("schemas")?.forEachElement { schema in
            isFound = schema.isString && schema.withBytes { $0.map(JSONName.folded) == JSONElement.groupSchema }
            return !isFound
        }
        if isFound { return true }
        guard let type = member("meta")?.member("resourceType"), type.isString else { return false }
        return type.withBytes { $0.map(JSONName.folded) == JSONElement.groupType }
    }

    private static let groupSchema = Array("urn:ietf:params:scim:schemas:core:2.0:group".utf8)
    private static let groupType = Array("group".utf8)
}
