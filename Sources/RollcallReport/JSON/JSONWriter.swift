public import RollcallCore

/// Writes one JSON text (RFC 8259), piece by piece.
///
/// Objects and arrays go over several lines, two spaces deeper each, unless they are begun `inline`. Commas and colons are the
/// writer's business; that names and values alternate is the caller's. What it has gathered can be drained at any point, so a
/// text of any length needs room for its longest row only.
///
/// Strings are ASCII-safe where it matters: control characters, line separators, marks of direction and all that is invisible
/// are written as escapes. So the text can go to a terminal, and a parser still gets back every scalar.
public struct JSONWriter {
    private var bytes: [UInt8] = []
    private var depth = 0
    private var inlineDepth = 0
    private var isFirst = true
    private var isAfterName = false

    public init() {}

    /// Moves what was gathered so far to the end of `output`.
    public mutating func drain(into output: inout [UInt8]) {
        output.append(contentsOf: bytes)
        bytes.removeAll(keepingCapacity: true)
    }

    /// What was gathered and not drained.
    var gathered: [UInt8] { bytes }

    public mutating func beginObject(inline: Bool = false) { begin(UInt8(ascii: "{"), inline) }
    public mutating func endObject() { end(UInt8(ascii: "}")) }
    public mutating func beginArray(inline: Bool = false) { begin(UInt8(ascii: "["), inline) }
    public mutating func endArray() { end(UInt8(ascii: "]")) }

    /// A member's name that needs no escaping.
    public mutating func name(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        appendColon()
    }

    /// A member's name from data.
    public mutating func name(_ name: String) {
        separate()
        appendQuoted(name)
        appendColon()
    }

    public mutating func value(_ text: Text) {
        separate()
        text.utf8.withUnsafeBufferPointer { JSONString.append($0, to: &bytes) }
    }

    public mutating func value(_ text: String) {
        separate()
        appendQuoted(text)
    }

    public mutating func value(_ number: Int) {
        separate()
        bytes.append(contentsOf: String(number).utf8)
    }

    public mutating func value(_ flag: Bool) {
        separate()
        appendLiteral(flag ? "true" : "false")
    }

    public mutating func null() {
        separate()
        appendLiteral("null")
    }

    /// 64 hexadecimal digits, as a string.
    public mutating func value(_ digest: Digest) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        for byte in digest.bytes {
            bytes.append(JSONString.digit(byte >> 4))
            bytes.append(JSONString.digit(byte & 15))
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Ends a line between two texts in one stream.
    mutating func newline() {
        bytes.append(UInt8(ascii: "\n"))
        isFirst = true
    }

    private mutating func begin(_ bracket: UInt8, _ inline: Bool) {
        separate()
        bytes.append(bracket)
        if inline || inlineDepth > 0 { inlineDepth += 1 } else { depth += 1 }
        isFirst = true
    }

    private mutating func end(_ bracket: UInt8) {
        if inlineDepth > 0 {
            inlineDepth -= 1
        } else {
            depth = max(0, depth - 1)
            if !isFirst { appendIndent() }
        }
        bytes.append(bracket)
        isFirst = false
    }

    private mutating func separate() {
        if isAfterName {
            isAfterName = false
            return
        }
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        if inlineDepth > 0 {
            if !isFirst { bytes.append(UInt8(ascii: " ")) }
        } else if depth > 0 {
            appendIndent()
        }
        isFirst = false
    }

    private mutating func appendIndent() {
        bytes.append(UInt8(ascii: "\n"))
        for _ in 0..<depth { appendLiteral("  ") }
    }

    private mutating func appendColon() {
        appendLiteral(": ")
        isAfterName = true
    }

    private mutating func appendLiteral(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private mutating func appendQuoted(_ text: String) {
        var text = text
        text.withUTF8 { JSONString.append($0, to: &bytes) }
    }
}
