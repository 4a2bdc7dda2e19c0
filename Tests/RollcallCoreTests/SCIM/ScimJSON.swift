import Foundation
import RollcallCore

/// A JSON value as tests write it.
indirect enum ScimJSON: ScimValue, Decodable, Sendable {
    case null
    case boolean(Bool)
    case number(String)
    case string(String)
    case array([ScimJSON])
    case object([(key: [UInt8], value: ScimJSON)])

    init(_ text: String) throws {
        self = try JSONDecoder().decode(ScimJSON.self, from: Data(text.utf8))
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: Key.self) {
            self = .object(
                try container.allKeys.map { (Array($0.stringValue.lowercased().utf8), try container.decode(ScimJSON.self, forKey: $0)) })
        } else if var container = try? decoder.unkeyedContainer() {
            var elements: [ScimJSON] = []
            while !container.isAtEnd { elements.append(try container.decode(ScimJSON.self)) }
            self = .array(elements)
        } else {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let value = try? container.decode(Bool.self) {
                self = .boolean(value)
            } else if let value = try? container.decode(Int64.self) {
                self = .number(String(value))
            } else if let value = try? container.decode(Double.self) {
                self = .number("\(value)")
            } else {
                self = .string(try container.decode(String.self))
            }
        }
    }

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

    func member(_ name: [UInt8]) -> ScimJSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == name }?.value
    }

    func forEachElement(_ body: (ScimJSON) -> Bool) {
        guard case .array(let elements) = self else { return }
        for element in elements where !body(element) { return }
    }

    /// The value as a test shows it.
    var shown: String {
        switch self {
        case .null: "null"
        case .boolean(let value): "\(value)"
        case .number(let text): text
        case .string(let text): text
        case .array(let elements): "[\(elements.map(\.shown).joined(separator: ","))]"
        case .object: "{}"
        }
    }
}
