extension ScimPath {
    /// Gives the values that the path means in a resource: strings, numbers and booleans, in order.
    ///
    /// With a filter these come from the elements for which it certainly holds. Without one, an attribute with several complex values
    /// gives the one whose `primary` is true, else those of type `work`, else all (RFC 7643 section 2.4). Without a sub-attribute a
    /// complex value gives its `value`, and a single one its `formatted`, `value` or `displayName`, whichever is there first. `null`,
    /// arrays in arrays, and objects without such a sub-attribute give nothing.
    ///
    /// - Parameter tolerances: What was read although RFC 7643 has it otherwise is added here.
    /// - Returns: Whether the attribute is there, whatever it gave.
    @discardableResult
    public func forEachValue<Value: ScimValue>(
        in resource: Value, tolerances: inout ScimTolerances, _ body: (Value) -> Void
    ) -> Bool {
        guard let found = find(in: resource, tolerances: &tolerances) else { return false }
        give(found, tolerances: &tolerances, body)
        return true
    }

    /// Whether the attribute has something in it that is no value: an object or an array where text, a number or a boolean belongs.
    ///
    /// `null`, what is empty, an element without the sub-attribute, and a `name` or `meta` without `formatted` are no value either, but
    /// nothing that was meant to be read.
    func isUnreadable<Value: ScimValue>(in resource: Value) -> Bool {
        var tolerances = ScimTolerances()
        guard filter == nil, let found = find(in: resource, tolerances: &tolerances) else { return false }
        guard found.kind == .array else { return isUnreadable(found, isSingle: true) }
        var result = false
        found.forEachElement { element in
            result = isUnreadable(element, isSingle: false)
            return !result
        }
        return result
    }

    private func isUnreadable<Value: ScimValue>(_ element: Value, isSingle: Bool) -> Bool {
        switch element.kind {
        case .null: return false
        case .string, .number, .boolean: return isSingle && subAttribute != nil && subAttribute != Self.value && !element.isEmpty
        case .array: return !element.isEmpty
        case .object: break
        }
        if let member = element.member(subAttribute ?? Self.value) { return !member.isSimple && member.kind != .null && !member.isEmpty }
        return isSingle && subAttribute == nil && !element.isEmpty && !Self.compound.contains(attribute)
    }

    /// Attributes of RFC 7643 that are objects, and whose parts are named one by one.
    private static let compound: Set<[UInt8]> = [Array("name".utf8), Array("meta".utf8)]

    private func give<Value: ScimValue>(_ found: Value, tolerances: inout ScimTolerances, _ body: (Value) -> Void) {
        guard found.kind == .array else {
            if let filter, filter.evaluate(on: found, tolerances: &tolerances).truth != .yes { return }
            giveLeaf(of: found, isSingle: true, body)
            return
        }
        if let filter {
            found.forEachElement { element in
                if element.kind != .null, filter.evaluate(on: element, tolerances: &tolerances).truth == .yes {
                    giveLeaf(of: element, isSingle: false, body)
                }
                return true
            }
            return
        }
        switch choice(among: found, tolerances: &tolerances) {
        case .primary(let element): giveLeaf(of: element, isSingle: false, body)
        case .work:
            found.forEachElement { element in
                if Self.isWork(element) { giveLeaf(of: element, isSingle: false, body) }
                return true
            }
        case .all:
            found.forEachElement { element in
                giveLeaf(of: element, isSingle: false, body)
                return true
            }
        }
    }

    /// Which elements of an attribute are meant when a path does not say.
    private enum Choice<Value> {
        case primary(Value)
        case work
        case all
    }

    private func choice<Value: ScimValue>(among found: Value, tolerances: inout ScimTolerances) -> Choice<Value> {
        var choice = Choice<Value>.all
        found.forEachElement { element in
            guard element.kind == .object else { return true }
            if let primary = element.member(Self.primary), primary.boolean(noting: &tolerances) == true {
                choice = .primary(element)
                return false
            }
            if Self.isWork(element) { choice = .work }
            return true
        }
        return choice
    }

    private static func isWork(_ element: some ScimValue) -> Bool {
        guard let type = element.member(Self.type), type.kind == .string else { return false }
        return type.withText { ScimFolding.isWord($0, "work") }
    }

    /// Gives what an element, or the only value, stands for.
    private func giveLeaf<Value: ScimValue>(of element: Value, isSingle: Bool, _ body: (Value) -> Void) {
        guard element.kind == .object else {
            if element.isSimple, subAttribute == nil || subAttribute == Self.value { body(element) }
            return
        }
        if let subAttribute {
            _ = giveMember(subAttribute, of: element, body)
        } else if isSingle {
            _ =
                giveMember(Self.formatted, of: element, body) || giveMember(Self.value, of: element, body)
                || giveMember(Self.displayName, of: element, body)
        } else {
            _ = giveMember(Self.value, of: element, body)
        }
    }

    /// Gives a member where it is a string, a number or a boolean, and says whether it is.
    private func giveMember<Value: ScimValue>(_ name: [UInt8], of element: Value, _ body: (Value) -> Void) -> Bool {
        guard let leaf = element.member(name), leaf.isSimple else { return false }
        body(leaf)
        return true
    }

    private static let primary = Array("primary".utf8)
    private static let type = Array("type".utf8)
    private static let formatted = Array("formatted".utf8)
    private static let displayName = Array("displayname".utf8)
}
