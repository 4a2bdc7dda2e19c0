/// What a resource says about an attribute, its values aside; from the least to the most.
enum ScimAssignment: Int {
    /// Nothing: it is not there, or it is `null`.
    case absent
    /// That it has no value: an array without elements, an object without members.
    case empty
    /// Text without a byte.
    case emptyText
    /// A value.
    case assigned
}

extension ScimPath {
    /// The name of the sub-attribute that stands for a complex value (RFC 7643 section 2.4).
    static let value = Array("value".utf8)

    /// The value of the attribute in a resource or in an element, before any sub-attribute; `nil` where it is absent or `null`.
    ///
    /// An element that is no object has itself as `value`.
    func find<Value: ScimValue>(in resource: Value, tolerances: inout ScimTolerances) -> Value? {
        switch place {
        case .resource:
            if let found = resource.member(attribute) { return found.kind == .null ? nil : found }
            return resource.isSimple && attribute == Self.value ? resource : nil
        case .extension(let urn, let colonKey, let dotKey):
            if let object = resource.member(urn), object.kind != .null {
                guard let found = object.member(attribute), found.kind != .null else { return nil }
                return found
            }
            guard let found = resource.member(colonKey) ?? resource.member(dotKey), found.kind != .null else { return nil }
            tolerances.insert(.flattenedExtension)
            return found
        }
    }

    /// What is said about the path in what ``find(in:tolerances:)`` gave.
    func assignment<Value: ScimValue>(in found: Value?) -> ScimAssignment {
        guard let found else { return .absent }
        guard found.kind == .array else { return assignment(inElement: found) }
        if found.isEmpty { return .empty }
        var most = ScimAssignment.absent
        found.forEachElement { element in
            let next = assignment(inElement: element)
            if next.rawValue > most.rawValue { most = next }
            return most != .assigned
        }
        return most
    }

    private func assignment<Value: ScimValue>(inElement element: Value) -> ScimAssignment {
        guard let subAttribute else { return Self.assignment(of: element) }
        if element.kind == .object {
            guard let value = element.member(subAttribute) else { return .absent }
            return Self.assignment(of: value)
        }
        return subAttribute == Self.value ? Self.assignment(of: element) : .absent
    }

    private static func assignment<Value: ScimValue>(of value: Value) -> ScimAssignment {
        switch value.kind {
        case .null: .absent
        case .boolean, .number: .assigned
        case .string: value.isEmpty ? .emptyText : .assigned
        case .array, .object: value.isEmpty ? .empty : .assigned
        }
    }
}
