extension ScimFilter: CustomStringConvertible {
    /// The filter with names as they were written, operators in lower case, single spaces, and no parentheses that are not needed.
    public var description: String { String(decoding: text(isFolded: false), as: UTF8.self) }

    /// The identity of the filter: its canonical text, which is its ``description`` with names and URNs in lower case.
    public var folded: [UInt8] { text(isFolded: true) }

    func text(isFolded: Bool) -> [UInt8] {
        var out: [UInt8] = []
        append(to: &out, isFolded: isFolded)
        return out
    }

    private func append(to out: inout [UInt8], isFolded: Bool) {
        switch self {
        case .and(let parts), .or(let parts):
            for (index, part) in parts.enumerated() {
                if index > 0 { out.append(contentsOf: (isAnd ? " and " : " or ").utf8) }
                part.appendPart(to: &out, isFolded: isFolded, inParentheses: part.isOr || part.isAnd && isAnd)
            }
        case .not(let part):
            out.append(contentsOf: "not ".utf8)
            part.appendPart(to: &out, isFolded: isFolded, inParentheses: true)
        case .comparison(let comparison):
            comparison.path.append(to: &out, isFolded: isFolded)
            out.append(contentsOf: " \(comparison.relation.rawValue) ".utf8)
            comparison.literal.append(to: &out)
        case .presence(let path):
            path.append(to: &out, isFolded: isFolded)
            out.append(contentsOf: " pr".utf8)
        case .element(let path, let filter):
            path.append(to: &out, isFolded: isFolded)
            out.append(UInt8(ascii: "["))
            filter.append(to: &out, isFolded: isFolded)
            out.append(UInt8(ascii: "]"))
        }
    }

    private func appendPart(to out: inout [UInt8], isFolded: Bool, inParentheses: Bool) {
        if inParentheses { out.append(UInt8(ascii: "(")) }
        append(to: &out, isFolded: isFolded)
        if inParentheses { out.append(UInt8(ascii: ")")) }
    }

    private var isAnd: Bool { if case .and = self { true } else { false } }

    private var isOr: Bool { if case .or = self { true } else { false } }
}

extension ScimPath {
    fileprivate func append(to out: inout [UInt8], isFolded: Bool) {
        if isFolded { out.append(contentsOf: folded) } else { out.append(contentsOf: description.utf8) }
    }
}
