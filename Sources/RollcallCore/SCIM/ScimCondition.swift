/// A question about a resource in the form of a filter, with what an absent attribute means.
///
/// Whoever has the resource at hand answers it once, and keeps the answer with the entry in a slot of its own
/// (``AttributeName/init(answerTo:)``): so it can be judged later without the resource.
public struct ScimCondition: Hashable, Sendable, CustomStringConvertible {
    /// Which attributes tell of a state, so that their absence leaves the answer open.
    public enum States: UInt8, Hashable, Sendable, CaseIterable {
        /// `active` alone.
        case active = 0x61
        /// Every attribute.
        case all = 0x75
        /// None: an absent attribute has no value, and that is that.
        case none = 0x6E
    }

    public let filter: ScimFilter
    public let states: States

    public init(_ filter: ScimFilter, states: States) {
        self.filter = filter
        self.states = states
    }

    /// The filter as it was written.
    public var description: String { filter.description }

    /// The attributes that it reads: the slot of its answer, and those that the filter mentions.
    public var attributes: [AttributeName] {
        [AttributeName(answerTo: self)] + filter.paths.map { AttributeName($0) }
    }

    /// Whether the absence of the attribute leaves the answer open.
    public func isState(_ path: ScimPath) -> Bool {
        switch states {
        case .active: path.isActive
        case .all: true
        case .none: false
        }
    }

    /// What a slot holds when the answer is yes. Nothing in it means no.
    static let yes: [UInt8] = Array("yes".utf8)
    /// What it holds when the answer cannot be told.
    static let unknown: [UInt8] = Array("unknown".utf8)
    /// What it holds when the answer cannot be told only because attributes of state have no value.
    static let missing: [UInt8] = Array("missing".utf8)

    /// What a slot holds for a ruling; nothing for no.
    static func answer(_ ruling: ScimRuling) -> [UInt8]? {
        switch ruling.truth {
        case .yes: yes
        case .no: nil
        case .unknown: ruling.isMissing ? missing : unknown
        }
    }

    /// The answer that was kept with an entry.
    func truth(on subject: some FilterSubject) -> Truth {
        guard case .values(let values) = subject.reading(of: AttributeName(answerTo: self)) else { return .unknown }
        guard let value = values.first else { return .no }
        return value.elementsEqual(ScimCondition.yes) ? .yes : .unknown
    }
}
