/// What a service or a file wrote otherwise than the RFCs say and was understood all the same, and how often.
public struct ResourceNotes: Hashable, Sendable {
    /// One way of writing.
    public enum Kind: Int, Hashable, Sendable, CaseIterable, Comparable {
        case booleanAsText, booleanAsNumber, numberAsText, flattenedExtension, idAsNumber, flawedText
        case memberAsText, untypedMember, ambiguousMember, numbersAsText, otherCase, bareList, startIndex, noTotal, totalOfFilter
        case zeroBased, cutPages, mediaType, startIndexIgnored, cursorExpired

        public static func < (left: Kind, right: Kind) -> Bool { left.rawValue < right.rawValue }
    }

    private var counts: [Kind: Int] = [:]

    public init() {}

    /// Whether nothing was noted.
    public var isEmpty: Bool { counts.isEmpty }

    /// How often `kind` was met.
    public subscript(_ kind: Kind) -> Int { counts[kind] ?? 0 }

    /// Notes one more.
    public mutating func note(_ kind: Kind, times: Int = 1) {
        if times > 0 { counts[kind, default: 0] += times }
    }

    mutating func add(_ tolerances: ScimTolerances) {
        if tolerances.isEmpty { return }
        if tolerances.contains(.booleanAsText) { note(.booleanAsText) }
        if tolerances.contains(.booleanAsNumber) { note(.booleanAsNumber) }
        if tolerances.contains(.numberAsText) { note(.numberAsText) }
        if tolerances.contains(.flattenedExtension) { note(.flattenedExtension) }
    }

    /// Notes what stood around a list.
    public mutating func note(_ envelope: JSONEnvelope) {
        if envelope.isBare { note(.bareList) }
        if envelope.hasOtherCase { note(.otherCase) }
        if envelope.hasNumbersAsText { note(.numbersAsText) }
    }

    /// One sentence for each, in a fixed order.
    public var sentences: [Text] {
        counts.sorted { $0.key < $1.key }.map { kind, count in Text("tolerated: \(ResourceNotes.sentence(kind, count))") }
    }

    private static func sentence(_ kind: Kind, _ count: Int) -> String {
        func counted(_ one: String, _ many: String) -> String { count == 1 ? "1 \(one)" : "\(count) \(many)" }
        return switch kind {
        case .booleanAsText: "\(counted("resource has", "resources have")) a boolean as text, such as \"True\""
        case .booleanAsNumber: "\(counted("resource has", "resources have")) a boolean as 0 or 1"
        case .numberAsText: "\(counted("resource has", "resources have")) a number as text, or text as a number"
        case .flattenedExtension: "\(counted("resource has", "resources have")) an extension's attribute under a key of its own"
        case .idAsNumber: "\(counted("resource has", "resources have")) a number as id"
        case .flawedText: "\(counted("resource has", "resources have")) text that is not valid (UTF-8, NUL or half a surrogate pair)"
        case .memberAsText: "\(counted("member is", "members are")) a plain id instead of an object with `value`"
        case .untypedMember: "\(counted("member does", "members do")) not say whether they are users or groups; ids decided"
        case .ambiguousMember:
            "\(counted("member has", "members have")) the id of a user and of a group and do not say which; taken as users"
        case .numbersAsText: "\(counted("answer has", "answers have")) totalResults, startIndex or itemsPerPage as text"
        case .otherCase: "\(counted("answer spells", "answers spell")) Resources in another letter case"
        case .bareList: "\(counted("answer is", "answers are")) a bare list without totalResults"
        case .startIndex: "\(counted("answer has", "answers have")) another startIndex than was asked for"
        case .noTotal: "\(counted("list has", "lists have")) no totalResults; an empty page was taken as the end"
        case .totalOfFilter: "totalResults does not count what the filter selects; everything was read and filtered here"
        case .zeroBased: "startIndex counts from 0"
        case .cutPages: "\(counted("page is", "pages are")) shorter than was asked for"
        case .mediaType: "\(counted("answer says", "answers say")) another media type than application/scim+json or application/json"
        case .startIndexIgnored: "startIndex is ignored; cursors or a single page were used instead"
        case .cursorExpired: "\(counted("cursor", "cursors")) expired; the reading went on from the start"
        }
    }
}
