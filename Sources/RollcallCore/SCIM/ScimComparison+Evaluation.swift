extension ScimComparison {
    /// Whether a value of the attribute passes.
    func ruling<Value: ScimValue>(
        on resource: Value, tolerances: inout ScimTolerances, isState: (ScimPath) -> Bool
    ) -> ScimRuling {
        let found = path.find(in: resource, tolerances: &tolerances)
        let assignment = path.assignment(in: found)
        if assignment != .assigned, !(assignment == .emptyText && literal == .string([])), isState(path) { return .missing }
        if literal == .null {
            let isNull = assignment == .absent || assignment == .empty
            return ScimRuling(Truth(isNull == (relation == .equal)))
        }
        // Stays nil until there is a value.
        var truth: Truth?
        if let found {
            if found.kind == .array {
                found.forEachElement { element in
                    compare(element, isSingle: false, &truth, &tolerances)
                    return truth != .yes
                }
            } else {
                compare(found, isSingle: true, &truth, &tolerances)
            }
        }
        if let truth { return ScimRuling(truth) }
        if isState(path) { return .missing }
        return ScimRuling(Truth(relation == .notEqual))
    }

    /// Compares an element, or the only value, by its sub-attribute or by its `value`.
    ///
    /// An only value that is an object without `value` cannot be compared; an element without it has no value.
    private func compare<Value: ScimValue>(
        _ element: Value, isSingle: Bool, _ truth: inout Truth?, _ tolerances: inout ScimTolerances
    ) {
        switch element.kind {
        case .null: break
        case .object:
            if let value = element.member(path.subAttribute ?? ScimPath.value) {
                compareLeaf(value, &truth, &tolerances)
            } else if isSingle, path.subAttribute == nil, !element.isEmpty {
                note(.unknown, &truth)
            }
        case .array: note(.unknown, &truth)
        case .string, .number, .boolean:
            if let subAttribute = path.subAttribute, subAttribute != ScimPath.value {
                if !element.isEmpty { note(.unknown, &truth) }
            } else {
                note(accepts(element, tolerances: &tolerances), &truth)
            }
        }
    }

    /// Compares a value, or each value of an array.
    private func compareLeaf<Value: ScimValue>(_ value: Value, _ truth: inout Truth?, _ tolerances: inout ScimTolerances) {
        switch value.kind {
        case .null: break
        case .object: if !value.isEmpty { note(.unknown, &truth) }
        case .array:
            value.forEachElement { element in
                switch element.kind {
                case .null: break
                case .array, .object: note(.unknown, &truth)
                case .string, .number, .boolean: note(accepts(element, tolerances: &tolerances), &truth)
                }
                return truth != .yes
            }
        case .string, .number, .boolean: note(accepts(value, tolerances: &tolerances), &truth)
        }
    }

    @inline(__always)
    private func note(_ next: Truth, _ truth: inout Truth?) {
        truth = (truth ?? .no).or(next)
    }
}
