// Values without parts.
extension ShapeCheck {
    mutating func checkText(_ node: ConfigNode, _ form: TextForm, at path: ConfigPath) {
        guard case .scalar(let scalar) = node.content, scalar.kind == "text" else {
            return expected(form.noun, node, at: path, advice: form.quotingAdvice(for: node))
        }
        if scalar.text.isEmpty, !path.allowsEmptyText {
            return problems.error(at: node.place, "\(path.subject) is empty", advice: advice("write a value", for: path))
        }
        if scalar.hasControlCharacter {
            problems.error(at: node.place, "\(path.subject) holds a line break or another control character")
        }
    }

    mutating func checkWholeNumber(_ node: ConfigNode, _ range: ClosedRange<Int>, at path: ConfigPath) {
        guard case .scalar(let scalar) = node.content, scalar.isDigits else { return expected("a whole number", node, at: path) }
        guard let number = scalar.wholeNumber, range.contains(number) else {
            return problems.error(
                at: node.place, "\(path.subject) is \(scalar.text.prefix(24)); it must be \(range.lowerBound) to \(range.upperBound)")
        }
    }

    mutating func checkFlag(_ node: ConfigNode, only: Bool?, at path: ConfigPath) {
        guard let flag = node.flag else { return expected("true or false", node, at: path) }
        if let only, flag != only {
            problems.error(
                at: node.place, "\(path.subject(holding: "\(flag)")) is not supported by this version",
                advice: "write \(only), or leave the key out")
        }
    }

    mutating func checkWord(_ node: ConfigNode, _ list: WordList, at path: ConfigPath) {
        guard case .scalar(let scalar) = node.content else { return expected(list.choice, node, at: path) }
        if list.words.contains(scalar.text) { return }
        if list.othersAreLater || list.later.contains(scalar.text) {
            return problems.error(
                at: node.place, "\(path.subject): \(Quoted(scalar.text)) is not supported by this version",
                advice: "supported: \(list.choice)")
        }
        let near = NearestKey.nearest(to: scalar.text, among: list.words)
        problems.error(
            at: node.place, "\(path.subject): expected \(list.choice), found \(Quoted(scalar.text))",
            advice: near.map { "did you mean `\($0)`?" } ?? "")
    }
}

extension TextForm {
    /// What a text of this form is, as the object of "expected".
    var noun: String {
        switch self {
        case .duration: "a duration such as `15m`"
        case .durationOrNever: "a duration such as `30d`, or `never`"
        case .filter: "a filter such as `(uid=*)`"
        case .attribute, .field: "the name of an attribute"
        case .distinguishedName: "a DN"
        case .path: "a path"
        case .condition: "a filter such as `(uid=*)`, for SCIM `active eq false`"
        case .directoryURL, .serviceURL, .storeURL: "a URL"
        case .pattern: "a regular expression"
        case .any, .grant: "text"
        }
    }

    fileprivate func quotingAdvice(for node: ConfigNode) -> String {
        guard case .scalar = node.content else { return "" }
        return self == .duration || self == .durationOrNever ? "write the unit: s, m, h, d or w" : "put it in quotes if it is meant as text"
    }
}
