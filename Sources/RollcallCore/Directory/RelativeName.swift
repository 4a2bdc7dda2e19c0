/// One level of a distinguished name, such as `uid=anna` or `cn=Anna+employeeNumber=17`.
///
/// RFC 4514 section 2.2. Nearly always there is one component; several form a set whose order does not matter.
public struct RelativeName: Sendable {
    /// One attribute of the level with its value.
    public struct Component: Sendable {
        /// The attribute type, never with options.
        public let type: AttributeName
        /// The value with all escapes undone, usually UTF-8 text.
        public let value: [UInt8]

        /// Pairs a type with a raw value; options of the type are dropped.
        public init(type: AttributeName, value: [UInt8]) {
            self.type = type.base
            self.value = value
        }
    }

    /// The components in the order written, at least one.
    public let components: [Component]

    /// Makes a level, or gives `nil` where there is no component.
    public init?(_ components: [Component]) {
        guard !components.isEmpty else { return nil }
        self.components = components
    }

    /// Makes a level of a single component.
    public init(type: AttributeName, value: [UInt8]) {
        components = [Component(type: type, value: value)]
    }

    /// The components in an order that depends on what they are and not on how they were written.
    ///
    /// Types are compared by short name, values byte for byte.
    var sortedParts: [[[UInt8]]] {
        components.map { [$0.type.foldedShortName, $0.value] }.sorted { left, right in
            left[0] == right[0] ? left[1].lexicographicallyPrecedes(right[1]) : left[0].lexicographicallyPrecedes(right[0])
        }
    }
}

extension RelativeName: CustomStringConvertible {
    /// The level as RFC 4514 text, components in the order written.
    public var description: String {
        var out: [UInt8] = []
        appendText(to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    func appendText(to out: inout [UInt8]) {
        var isFirst = true
        for component in components {
            if !isFirst { out.append(UInt8(ascii: "+")) }
            isFirst = false
            out.append(contentsOf: component.type.written)
            out.append(UInt8(ascii: "="))
            Self.appendEscaped(component.value, to: &out)
        }
    }

    /// Appends a value in the form RFC 4514 section 2.4 gives.
    ///
    /// Special characters take a backslash, as does `=`; control characters and bytes that are not UTF-8 are written as `\hh`.
    static func appendEscaped(_ value: [UInt8], to out: inout [UInt8]) {
        value.withUnsafeBufferPointer { value in
            var index = 0
            while index < value.count {
                let byte = value[index]
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "<"), UInt8(ascii: "="),
                    UInt8(ascii: ">"), UInt8(ascii: "\\"):
                    out.append(UInt8(ascii: "\\"))
                    out.append(byte)
                case UInt8(ascii: "#") where index == 0, UInt8(ascii: " ") where index == 0 || index == value.count - 1:
                    out.append(UInt8(ascii: "\\"))
                    out.append(byte)
                case 0x20..<0x7F:
                    out.append(byte)
                case 0x80...:
                    guard let next = UTF8Scalar(value, at: index) else {
                        HexEscape.append(byte, to: &out)
                        break
                    }
                    out.append(contentsOf: value[index..<(index + next.length)])
                    index += next.length - 1
                default:
                    HexEscape.append(byte, to: &out)
                }
                index += 1
            }
        }
    }
}
