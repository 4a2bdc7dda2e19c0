/// JSON that keeps the order of its members, RFC 8259.
indirect enum JSONValue: Sendable {
    case text(String)
    case number(Int)
    case flag(Bool)
    case list([JSONValue])
    case object([(String, JSONValue)])

    /// The value on several lines, indented by two spaces.
    var text: String {
        var out = ""
        write(to: &out, indentation: "")
        return out
    }

    private func write(to out: inout String, indentation: String) {
        switch self {
        case .text(let text): out += JSONValue.quoted(text)
        case .number(let number): out += String(number)
        case .flag(let flag): out += flag ? "true" : "false"
        case .list(let items):
            guard items.contains(where: { if case .object = $0 { true } else { false } }) else {
                out += "[" + items.map(\.text).joined(separator: ", ") + "]"
                return
            }
            out += "[\n"
            for (index, item) in items.enumerated() {
                out += indentation + "  "
                item.write(to: &out, indentation: indentation + "  ")
                out += index + 1 < items.count ? ",\n" : "\n"
            }
            out += indentation + "]"
        case .object(let members):
            out += "{\n"
            for (index, (name, value)) in members.enumerated() {
                out += indentation + "  " + JSONValue.quoted(name) + ": "
                value.write(to: &out, indentation: indentation + "  ")
                out += index + 1 < members.count ? ",\n" : "\n"
            }
            out += indentation + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\t": out += "\\t"
            default:
                if scalar.value < 0x20 {
                    let digits = String(scalar.value, radix: 16)
                    out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    out.unicodeScalars.append(scalar)
                }
            }
        }
        return out + "\""
    }
}
