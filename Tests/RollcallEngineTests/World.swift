import RollcallCore
import RollcallTesting

/// A small random directory with rules to read it by. Its alphabets are small, so that names meet, swap and come back.
struct World {
    var random: SeededRandom
    var people: [MemoryPerson] = []
    var groups: [MemoryGroup] = []
    var rules: RuleSettings
    /// Anchors that are outside of base or filter when they are looked up.
    var leftScope: Set<String> = []
    /// Anchors of which looking up tells nothing.
    var unknown: Set<String> = []
    /// How many people come twice.
    private var repeated = 0

    static let names = ["ann", "bob", "cyd", "dan", "Ann", "root", "loc", "eve"]
    static let mails = ["a@x", "b@x", "c@x", "d@x", "A@x", "loc@x"]
    static let people = 9
    static let groups = 5

    init(seed: UInt64) throws {
        random = SeededRandom(seed)
        rules = try World.rules(&random)
        for _ in 0..<random.below(World.people + 1) { addPerson() }
        for _ in 0..<random.below(World.groups + 1) { addGroup() }
        for _ in 0..<4 { changeMembers() }
    }

    var snapshot: MemorySnapshot { MemorySnapshot(people: people + people.filter { $0.defect == nil }.prefix(repeated), groups: groups) }

    /// The directory as it is now, answering in the order of `order`.
    func directory(batchSize: Int, order: UInt64?) -> MemoryDirectory {
        var directory = MemoryDirectory(snapshot)
        directory.batchSize = batchSize
        directory.orderSeed = order
        for anchor in leftScope { directory.presences[Anchor(anchor.utf8)] = .leftScope(dn: Text("cn=\(anchor),ou=elsewhere")) }
        for anchor in unknown { directory.presences[Anchor(anchor.utf8)] = .unknown("busy") }
        return directory
    }

    /// A digest of the rules, as config would have it.
    var rulesDigest: Digest { Digest(hashing: Array("\(rules)".utf8)) }

    /// Lets a day pass upstream.
    mutating func nextDay() throws {
        repeated = random.once(in: 4) ? 1 + random.below(2) : 0
        unknown = random.once(in: 6) ? ["u\(random.below(World.people))", "u\(random.below(World.people))"] : []
        if random.once(in: 6) { unknown.insert("g\(random.below(World.groups))") }
        for _ in 0..<1 + random.below(6) {
            switch random.below(18) {
            case 16, 17: recreateGroup()
            case 0, 1: addPerson()
            case 2: removePerson()
            case 3, 4: swapValues("uid")
            case 5, 6: swapValues("mail")
            case 7, 8, 9: changeSomebody()
            case 10: addGroup()
            case 11: if !groups.isEmpty, random.once(in: 2) { groups.remove(at: random.below(groups.count)) }
            case 12: renameGroup()
            case 13, 14: changeMembers()
            default: if random.once(in: 3) { rules = try World.rules(&random) }
            }
        }
    }
}

extension World {
    /// Lets a day pass on which nobody and nothing is gone.
    mutating func quietDay() {
        unknown = []
        for _ in 0..<random.below(4) {
            switch random.below(8) {
            case 0, 1: addPerson()
            case 2: addGroup()
            case 3: swapValues("uid")
            case 4: swapValues("mail")
            case 5: changeMembers()
            default: changeSomebody()
            }
        }
    }

    private mutating func addPerson() {
        let taken = Set(people.map { $0["entryUUID"].first ?? "" })
        let free = (0..<World.people).map { "u\($0)" }.filter { !taken.contains($0) }
        guard !free.isEmpty else { return }
        let anchor = random.pick(free)
        leftScope.remove(anchor)
        var person = MemoryPerson("uid=\(anchor),ou=people", ["entryUUID": [anchor], "uid": [random.pick(World.names)]])
        if !random.once(in: 4) { person["mail"] = [random.pick(World.mails)] }
        person["sn"] = ["Of \(anchor)"]
        people.append(person)
        for _ in 0..<random.below(3) { change(people.count - 1) }
    }

    private mutating func removePerson() {
        guard !people.isEmpty else { return }
        let gone = people.remove(at: random.below(people.count))
        if let anchor = gone["entryUUID"].first, random.once(in: 3) { leftScope.insert(anchor) }
    }

    mutating func swapValues(_ name: String) {
        guard people.count > 1 else { return }
        let (left, right) = (random.below(people.count), random.below(people.count))
        let value = people[left][name]
        people[left][name] = people[right][name]
        people[right][name] = value
    }

    private mutating func changeSomebody() {
        if !people.isEmpty { change(random.below(people.count)) }
    }

    private mutating func change(_ place: Int) {
        let binary: [[UInt8]] = [[0xFF, 0xFE]]
        switch random.below(16) {
        case 0: people[place]["uid"] = [random.pick(World.names)]
        case 1: people[place]["uid"] = random.pick([[], [" "], ["eve", "ann"], ["\u{200B}"]])
        case 2: if let uid = AttributeName("uid") { people[place].values[uid] = binary }
        case 3, 4: people[place]["mail"] = [random.pick(World.mails)]
        case 5: people[place]["mail"] = [random.pick(World.mails), random.pick(World.mails), " c@x "]
        case 6: people[place]["mail"] = []
        case 7: if let mail = AttributeName("mail") { people[place].values[mail] = binary }
        case 8: people[place]["givenName"] = random.pick([["Ann"], ["Änn", "Zoe"], []])
        case 9: people[place]["departmentNumber"] = random.pick([["7"], ["\"8\\"], []])
        case 10, 11: people[place]["employeeType"] = random.pick([["ended"], ["service"], ["left"], ["fired"], []])
        case 12: people[place]["pwdState"] = random.pick([["1"], ["0"], ["x"], ["lock"], []])
        case 13: people[place]["shadowExpire"] = random.pick([["20000"], ["21000"], ["soon"], []])
        case 14: people[place].defect = random.pick([nil, nil, "too large"])
        default: people[place].dn = "uid=\(people[place]["entryUUID"].first ?? ""),ou=people" + random.pick(["", ",o=moved"])
        }
    }

    private mutating func addGroup() {
        guard let anchor = freeGroupAnchor() else { return }
        let name = random.pick(["admins", "admins", "app-red", "app-blue", "app-Red", "x"])
        groups.append(MemoryGroup(freeDN(["cn=\(anchor),ou=groups"]), anchor: anchor, name: name))
        changeMembers()
    }

    /// Another group takes the place and name of one that is deleted, or that has to move for it.
    mutating func recreateGroup() {
        guard !groups.isEmpty, let anchor = freeGroupAnchor() else { return }
        let place = random.below(groups.count)
        let former = groups[place]
        if random.once(in: 3) {
            groups[place].dn = freeDN(["\(former.dn),o=old"])
            groups[place].name = "x"
        } else {
            groups.remove(at: place)
        }
        groups.append(MemoryGroup(former.dn, anchor: anchor, name: former.name, members: random.once(in: 2) ? former.members : []))
        for _ in 0..<random.below(3) { changeMembers() }
    }

    private mutating func freeGroupAnchor() -> String? {
        let taken = Set(groups.map { "\($0.anchor)" })
        let free = (0..<World.groups).map { "g\($0)" }.filter { !taken.contains($0) }
        return free.isEmpty ? nil : random.pick(free)
    }

    /// The first of some names that no group has.
    private func freeDN(_ names: [String]) -> String {
        let taken = Set(groups.map(\.dn))
        return (names + (0..<World.groups + 1).map { "\(names[0]),o=\($0)" }).first { !taken.contains($0) } ?? names[0]
    }

    private mutating func renameGroup() {
        guard !groups.isEmpty else { return }
        let place = random.below(groups.count)
        let anchor = "\(groups[place].anchor)"
        if random.once(in: 2) {
            groups[place].name = random.pick(["admins", "app-red", "app-blue", "x"])
        } else {
            groups[place].dn = ""
            groups[place].dn = freeDN(["cn=\(anchor),ou=groups" + random.pick(["", ",o=moved"])])
        }
    }

    private mutating func changeMembers() {
        guard !groups.isEmpty else { return }
        let place = random.below(groups.count)
        if random.once(in: 2), !groups[place].members.isEmpty {
            groups[place].members.remove(at: random.below(groups[place].members.count))
        } else if random.once(in: 3) {
            groups[place].members.append(random.pick(groups).dn)
        } else {
            groups[place].members.append(people.isEmpty || random.once(in: 8) ? "uid=nobody" : random.pick(people).dn)
        }
    }
}

extension World {
    private static func rules(_ random: inout SeededRandom) throws -> RuleSettings {
        var mapping = AttributeMapping(anchor: try name("entryUUID"), username: FieldSource([.attribute(try name("uid"))]))
        if !random.once(in: 6) { mapping.email = FieldSource([.attribute(try name("mail"))]) }
        if random.once(in: 2) { mapping.givenName = FieldSource([.attribute(try name("givenName"))]) }
        mapping.familyName = FieldSource([.attribute(try name("sn"))])
        if random.once(in: 2) {
            let template: [FieldSource.TemplatePiece] = [.attribute(try name("givenName")), .text(" "), .attribute(try name("sn"))]
            mapping.displayName = FieldSource([.template(template), .attribute(try name("sn"))])
        }
        if random.once(in: 2) {
            mapping.extra = [ExtraField(name: "department", source: FieldSource([.attribute(try name("departmentNumber"))]))]
        }
        var rules = RuleSettings(attributes: mapping)
        rules.status.append(
            StatusRule(test: .when(.ldap(try Filter(parsing: "(employeeType=ended)"))), outcome: .inactive, text: "(employeeType=ended)"))
        if random.once(in: 3) {
            rules.status.append(
                StatusRule(
                    test: .when(.ldap(try Filter(parsing: "(pwdState=1)"))), outcome: .inactive, absentMeansUnknown: random.once(in: 3),
                    text: "(pwdState=1)"))
        }
        if random.once(in: 2) {
            rules.status.append(StatusRule(test: .expired(try name("shadowExpire")), outcome: .inactive, text: "expired: shadowExpire"))
        }
        try addDeletions(&rules, &random)
        rules.lifecycle.username = random.once(in: 3) ? .keep : .rename
        rules.lifecycle.adoption = random.pick([.never, .never, .never, .email, .username])
        if random.once(in: 3) { rules.ignore = [.ldap(try Filter(parsing: "(employeeType=service)"))] }
        rules.policy = random.once(in: 8) ? .noRemovals : .full
        if random.once(in: 2) { rules.protection.users = [FoldedKey("root")] }
        rules.nestedGroups = !random.once(in: 4)
        if !random.once(in: 5) { rules.groups = try groupRules(&random) }
        rules.permissionGroups = [PermissionGroup(name: "Admins", isPrivileged: true, permissions: ["*"])]
        return rules
    }

    private static func addDeletions(_ rules: inout RuleSettings, _ random: inout SeededRandom) throws {
        rules.lifecycle.deleteAfter = random.pick([nil, Span(seconds: 86_400), Span(seconds: 200 * 86_400)])
        rules.lifecycle.purgeAfter = random.pick([nil, nil, Span(seconds: 86_400 * 100)])
        rules.lifecycle.newUsers = random.pick([.active, .active, .active, .inactive, .invited])
        rules.lifecycle.statusMissing = random.pick([.wait, .active, .inactive])
        rules.lifecycle.temporaryLock = random.pick([.report, .inactive])
        rules.lifecycle.confirmsAbsence = !random.once(in: 5)
        // Drawn aside, so that everything else of a seed stays what it was.
        var aside = random
        rules.lifecycle.reusesIdentifiers = aside.once(in: 3)
        if random.once(in: 2) {
            for (filter, isImmediate) in [("(employeeType=left)", false), ("(employeeType=fired)", true)] {
                var rule = StatusRule(test: .when(.ldap(try Filter(parsing: filter))), outcome: .deleted, text: filter)
                rule.isImmediate = isImmediate
                rules.status.append(rule)
            }
        }
        if random.once(in: 3) {
            var rule = StatusRule(test: .when(.ldap(try Filter(parsing: "(pwdState=lock)"))), outcome: .inactive, text: "(pwdState=lock)")
            rule.isTemporary = true
            rules.status.append(rule)
        }
    }

    private static func groupRules(_ random: inout SeededRandom) throws -> [GroupRule] {
        var found = [
            GroupRule(selector: .name(FoldedKey("admins")), grant: try PatternTemplate("Admins"), text: "admins"),
            GroupRule(
                selector: .pattern(try LinearPattern("^app-(?<team>[A-Za-z]+)$")), grant: try PatternTemplate("Team {team}"), text: "app-*"),
        ]
        if random.once(in: 2) {
            found.append(GroupRule(selector: .anchor(Anchor("g1".utf8)), grant: try PatternTemplate("Ones"), text: "anchor g1"))
        }
        if random.once(in: 2) {
            var dn: [UInt8] = []
            _ = DistinguishedName.normalize(Array("cn=g0,ou=groups".utf8)[...], into: &dn)
            found.append(GroupRule(selector: .dn(dn), grant: try PatternTemplate("Admins"), text: "cn=g0,ou=groups"))
        }
        if random.once(in: 2) { found.reverse() }
        return found
    }

    static func name(_ text: String) throws -> AttributeName {
        guard let name = AttributeName(text) else { throw WorldError(text: text) }
        return name
    }

    struct WorldError: Error {
        let text: String
    }
}
