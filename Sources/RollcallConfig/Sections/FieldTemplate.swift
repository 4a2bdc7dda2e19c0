import RollcallCore

/// A template of a local field: text with attributes in braces, as in `{givenName} {sn}`. A brace itself is written twice.
struct FieldTemplate {
    struct Problem: Error {
        /// Bytes from the start of the text.
        let offset: Int
        let message: String
        var advice = ""
    }

    private(set) var pieces: [FieldSource.TemplatePiece] = []
    private var text: [UInt8] = []
    private let speaksScim: Bool

    init(_ template: String, speaksScim: Bool = false) throws(Problem) {
        self.speaksScim = speaksScim
        let bytes = Array(template.utf8)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            let isDoubled = index + 1 < bytes.count && bytes[index + 1] == byte
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "}"):
                if isDoubled {
                    text.append(byte)
                    index += 2
                } else if byte == UInt8(ascii: "{") {
                    index = try readAttribute(bytes, from: index)
                } else {
                    throw Problem(offset: index, message: "a `}` without its `{`", advice: "write `}}` for the character itself")
                }
            default:
                text.append(byte)
                index += 1
            }
        }
        endText()
        if !pieces.contains(where: { if case .attribute = $0 { true } else { false } }) {
            throw Problem(offset: 0, message: "the template names no attribute, so everybody would have the same value")
        }
    }

    private mutating func readAttribute(_ bytes: [UInt8], from start: Int) throws(Problem) -> Int {
        guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "}")) else {
            throw Problem(offset: start, message: "a `{` without its `}`", advice: "write `{{` for the character itself")
        }
        let name = bytes[(start + 1)..<end]
        let path = speaksScim ? try? ScimPath(parsing: String(decoding: name, as: UTF8.self)) : nil
        guard let attribute = speaksScim ? path.map({ AttributeName($0) }) : AttributeName(bytes: name) else {
            throw Problem(
                offset: start, message: "\(Quoted(String(decoding: name, as: UTF8.self))) in braces is not the name of an attribute",
                advice: "as in {givenName}; write `{{` for the character itself")
        }
        endText()
        pieces.append(.attribute(attribute))
        return end + 1
    }

    private mutating func endText() {
        if !text.isEmpty { pieces.append(.text(Text(String(decoding: text, as: UTF8.self)))) }
        text = []
    }
}
