import RollcallCore

/// What becomes of the values of one attribute.
struct AttributeUse: Sendable {
    /// A name that the format itself gives a meaning to.
    enum Keyword: Sendable {
        case dn
        case version
        case changeType
        case control
    }

    /// The number under which ``Record`` keeps the values; `nil` when they are not kept.
    var number: Int?
    /// Whether the values are names of a group's members.
    var isMember = false
    var keyword: Keyword?

    /// Whether a value is kept at all.
    var isWanted: Bool { number != nil || isMember }

    /// The meaning that the format gives to a name.
    static func keyword(of name: AttributeName) -> Keyword? {
        switch name {
        case dn: .dn
        case version: .version
        case changeType: .changeType
        case control: .control
        default: nil
        }
    }

    private static let dn = AttributeName(known: "dn")
    private static let version = AttributeName(known: "version")
    private static let changeType = AttributeName(known: "changetype")
    private static let control = AttributeName(known: "control")
}

/// What tells the use of each attribute of a file.
protocol AttributeUses {
    /// What becomes of the values of an attribute.
    func use(of name: AttributeName) -> AttributeUse
}

/// The attributes that one reading keeps, numbered: first those of users by slot, then those of groups and of the filters.
final class WantedAttributes: AttributeUses, Sendable {
    /// The number of the users' anchor.
    let userAnchor = AttributeLayout.anchorSlot
    let groupAnchor: Int
    let groupName: Int
    private let numbers: [AttributeName: Int]
    private let members: Set<AttributeName>
    /// For an attribute of a filter, the numbers of all attributes that are it or a subtype of it.
    private let coverage: [AttributeName: [Int]]
    /// For an attribute of a filter, the number that stands for its subtypes which are not wanted by themselves.
    private let subtypes: [AttributeName: Int]

    init(_ request: ReadRequest, users: Filter, groups: Filter?) {
        var names = request.users.names
        var numbers = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        func number(of name: AttributeName) -> Int {
            if let number = numbers[name] { return number }
            numbers[name] = names.count
            names.append(name)
            return names.count - 1
        }
        let readsGroups = request.readsGroups && groups != nil
        groupAnchor = readsGroups ? number(of: request.groupAnchor) : -1
        groupName = readsGroups ? number(of: request.groupName) : -1
        members = readsGroups ? Set(request.groupMembers) : []
        let filtered = users.attributes + (readsGroups ? groups?.attributes ?? [] : [])
        for name in filtered { _ = number(of: name) }
        var coverage: [AttributeName: [Int]] = [:]
        var subtypes: [AttributeName: Int] = [:]
        for name in filtered where coverage[name] == nil {
            coverage[name] = numbers[name].map { [$0] } ?? []
            guard name == name.base else { continue }
            coverage[name] = names.indices.filter { names[$0].base == name } + [names.count + subtypes.count]
            subtypes[name] = names.count + subtypes.count
        }
        self.numbers = numbers
        self.coverage = coverage
        self.subtypes = subtypes
    }

    /// What becomes of the values of an attribute.
    func use(of name: AttributeName) -> AttributeUse {
        var use = AttributeUse(number: numbers[name] ?? subtypes[name.base], isMember: members.contains(name))
        use.keyword = AttributeUse.keyword(of: name)
        return use
    }

    /// The numbers of the attributes that a filter means by a name: itself, and the same with options (RFC 4512 section 2.5.1).
    func numbers(matching name: AttributeName) -> [Int] { coverage[name] ?? [] }
}
