/// A raw entry as a filter sees it. What was withheld as a secret is unknown.
public struct RawSubject: FilterSubject {
    private let attributes: [(name: AttributeName, isCut: Bool, values: [ArraySlice<UInt8>])]
    private let name: [UInt8]

    /// Copies what a filter may ask for; `nil` when the bytes are none of an entry.
    public init?(_ entry: RawEntry) {
        var found: [(name: AttributeName, isCut: Bool, values: [ArraySlice<UInt8>])] = []
        let name: [UInt8]?? = entry.withCursor { cursor in
            var isNamed = false
            while let item = cursor.next() {
                switch item {
                case .attribute(let description):
                    let name = AttributeName(bytes: description)
                    isNamed = name != nil
                    if let name { found.append((name, false, [])) }
                case .value(let value): if isNamed { found[found.count - 1].values.append(Array(value)[...]) }
                case .cut: if isNamed { found[found.count - 1].isCut = true }
                }
            }
            return cursor.isDamaged ? nil : Array(cursor.dn)
        }
        guard let name, let name else { return nil }
        self.name = name
        attributes = found
    }

    public func reading(of attribute: AttributeName) -> AttributeReading {
        if SecretAttributes.contains(attribute) { return .unknown }
        let hasOptions = attribute != attribute.base
        let matching = attributes.filter { $0.name == attribute || (!hasOptions && $0.name.base == attribute) }
        let values = matching.flatMap(\.values)
        return matching.contains(where: \.isCut) ? .some(values) : .values(values)
    }

    public var distinguishedName: DistinguishedName? { try? DistinguishedName(parsing: name[...]) }
}
