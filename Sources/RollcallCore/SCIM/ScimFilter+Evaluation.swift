extension ScimFilter {
    /// Whether the filter holds for a resource, as far as it can be told (RFC 7644 section 3.4.2.2).
    ///
    /// An attribute with several values passes when one of them does, for `ne` too. Without a sub-attribute, objects are compared by
    /// their `value`. Letter case counts in `id` and `externalId` only. Two dates compare as instants, one without a zone being UTC.
    ///
    /// Absent, `null` and `[]` are one (RFC 7643 section 2.5), as is `{}`: `eq null` holds, `ne` with any other literal holds since no
    /// value is identical to it, all other comparisons fail. `pr` also fails for empty text. But where `isState` says that an attribute
    /// tells what state a user is in, an attribute without a value leaves the outcome unknown, whatever the operator: absent, `null`, `[]`,
    /// `{}`, an array of those, or empty text that is not compared with empty text. Only a value is an answer.
    ///
    /// A value that cannot be compared with the literal, such as the text `maybe` with `true`, leaves the outcome unknown too.
    ///
    /// - Parameters:
    ///   - tolerances: What was read although RFC 7643 has it otherwise is added here.
    ///   - isState: Asked with the path of a comparison, or with that before the brackets, only where nothing is there.
    public func evaluate<Value: ScimValue>(
        on resource: Value, tolerances: inout ScimTolerances, isState: (ScimPath) -> Bool = { _ in false }
    ) -> ScimRuling {
        ruling(on: resource, tolerances: &tolerances, isState: isState)
    }

    private func ruling<Value: ScimValue>(
        on value: Value, tolerances: inout ScimTolerances, isState: (ScimPath) -> Bool
    ) -> ScimRuling {
        switch self {
        case .and(let parts):
            var result = ScimRuling.yes
            for part in parts {
                result = result.and(part.ruling(on: value, tolerances: &tolerances, isState: isState))
                if result.truth == .no { return .no }
            }
            return result
        case .or(let parts):
            var result = ScimRuling.no
            for part in parts {
                result = result.or(part.ruling(on: value, tolerances: &tolerances, isState: isState))
                if result.truth == .yes { return .yes }
            }
            return result
        case .not(let part):
            return part.ruling(on: value, tolerances: &tolerances, isState: isState).negated
        case .comparison(let comparison):
            return comparison.ruling(on: value, tolerances: &tolerances, isState: isState)
        case .presence(let path):
            let assignment = path.assignment(in: path.find(in: value, tolerances: &tolerances))
            if assignment != .assigned, isState(path) { return .missing }
            return ScimRuling(Truth(assignment == .assigned))
        case .element(let path, let filter):
            guard let found = path.find(in: value, tolerances: &tolerances) else { return isState(path) ? .missing : .no }
            return filter.rulingOnAny(of: found, path, tolerances: &tolerances, isState: isState)
        }
    }

    /// Whether the filter holds for one value of an attribute.
    private func rulingOnAny<Value: ScimValue>(
        of found: Value, _ path: ScimPath, tolerances: inout ScimTolerances, isState: (ScimPath) -> Bool
    ) -> ScimRuling {
        guard found.kind == .array else { return ruling(on: found, tolerances: &tolerances, isState: { _ in isState(path) }) }
        var result = ScimRuling.no
        var isKnown = false
        found.forEachElement { element in
            switch element.kind {
            case .null: return true
            case .array:
                if element.isEmpty { return true }
                result = result.or(.unreadable)
            case .object, .string, .number, .boolean:
                result = result.or(ruling(on: element, tolerances: &tolerances, isState: { _ in isState(path) }))
            }
            isKnown = true
            return result.truth != .yes
        }
        return isKnown || !isState(path) ? result : .missing
    }
}
