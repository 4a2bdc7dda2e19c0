import RollcallCore

/// Numbers every attribute of a file as it is met, but for those that are never kept.
final class NameRegister: AttributeUses {
    private var numbers: [AttributeName: Int] = [:]
    private var names: [AttributeName] = []

    func use(of name: AttributeName) -> AttributeUse {
        let keyword = AttributeUse.keyword(of: name)
        guard keyword != .dn, !SecretAttributes.contains(name) else { return AttributeUse(number: nil, keyword: keyword) }
        if let number = numbers[name] { return AttributeUse(number: number, keyword: keyword) }
        numbers[name] = names.count
        names.append(name)
        return AttributeUse(number: names.count - 1, keyword: keyword)
    }

    /// The attribute of a number that ``use(of:)`` gave.
    func description(of number: Int) -> [UInt8] {
        names.indices.contains(number) ? Array("\(names[number])".utf8) : []
    }
}
