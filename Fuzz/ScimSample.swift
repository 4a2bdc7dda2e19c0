/// JSON values that filters and paths are applied to.
enum ScimSample: ScimValue, Sendable {
    case null
    case boolean(Bool)
    case number(String)
    case string(String)
    case array([ScimSample])
    case object([(key: String, value: ScimSample)])

    /// An ordinary user, one written in every tolerated way, and one with nothing.
    static let resources: [ScimSample] = [ordinary, odd, .object([])]

    private static let ordinary: ScimSample = {
        let work: ScimSample = .object([("value", .string("a")), ("type", .string("work"))])
        let primary: ScimSample = .object([("primary", .boolean(true))])
        return .object([
            ("id", .string("a")), ("username", .string("a")), ("active", .boolean(true)), ("a", .number("5")), ("b", .string("Größe")),
            ("meta", .object([("created", .string("2026-01-02T03:04:05Z"))])), ("name", .object([("familyname", .string("a"))])),
            ("emails", .array([work, primary])), ("urn:x:2.0:user", .object([("a", .array([.string("a"), .null]))])),
        ])
    }()

    private static let odd: ScimSample = {
        let empty: ScimSample = .object([("value", .object([]))])
        let primary: ScimSample = .object([("primary", .number("1"))])
        let nested: ScimSample = .array([.array([.null]), .number("1")])
        return .object([
            ("id", .number("1e999")), ("username", .string("")), ("active", .string("False")), ("a", nested), ("name", .string("a")),
            ("emails", .array([.string("a"), empty, primary])), ("urn:x:2.0:user:a", .object([("value", .string("a"))])),
            ("urn:x:2.0:user.b", .string("-1.5")),
        ])
    }()

    var kind: ScimValueKind {
        switch self {
        case .null: .null
        case .boolean(let value): .boolean(value)
        case .number: .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }

    var isEmpty: Bool {
        switch self {
        case .null, .boolean, .number: false
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        case .object(let members): members.isEmpty
        }
    }

    func withText<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        switch self {
        case .number(let text), .string(let text): Array(text.utf8).withUnsafeBufferPointer(body)
        case .null, .boolean, .array, .object: body(UnsafeBufferPointer(start: nil, count: 0))
        }
    }

    func member(_ name: [UInt8]) -> ScimSample? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key.utf8.elementsEqual(name) }?.value
    }

    func forEachElement(_ body: (ScimSample) -> Bool) {
        guard case .array(let elements) = self else { return }
        for element in elements where !body(element) { return }
    }
}
