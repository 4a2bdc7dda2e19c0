/// A JSON value that was read.
enum JSONValue: Hashable {
    case null
    case bool(Bool)
    /// A whole number that fits.
    case integer(Int64)
    /// Any other number, as it is written.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// One member of an object.
    struct Member: Hashable {
        let name: String
        let value: JSONValue
    }

    /// The member of that name, the first if there are several; `nil` for none and for a value that is no object.
    subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The elements of an array.
    var elements: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The text of a string.
    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The value of a whole number.
    var integer: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }
}
