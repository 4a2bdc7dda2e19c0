/// Any JSON value, written in a test as Swift literals: `["userName": "ada", "active": false, "title": nil]`.
public enum JSONLiteral: Sendable, Equatable, Codable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONLiteral])
    case object([String: JSONLiteral])

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONLiteral].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONLiteral].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    /// The value under a key of an object; `nil` for everything else.
    public subscript(key: String) -> JSONLiteral? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    /// The elements of an array; none for everything else.
    public var elements: [JSONLiteral] {
        guard case .array(let values) = self else { return [] }
        return values
    }

    /// The text of a string; `nil` for everything else.
    public var text: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// A number that is whole; `nil` for everything else.
    public var integer: Int? {
        guard case .number(let value) = self else { return nil }
        return Int(exactly: value)
    }
}

extension JSONLiteral: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByStringInterpolation, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: JSONLiteral...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONLiteral)...) { self = .object(Dictionary(elements) { $1 }) }
}
