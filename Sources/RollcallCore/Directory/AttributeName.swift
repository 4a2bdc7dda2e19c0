/// The name of a directory attribute, such as `mail`, `2.5.4.3` or `cn;lang-en`.
///
/// This is the attribute description of RFC 4512 section 2.5: a key string or a numeric object identifier, then options. Two names
/// are the same attribute when their ``folded`` forms are the same, so neither letter case nor the order of options matters.
/// A key string may also hold `_` and `$`, which several servers use. A numeric identifier may have a single arc.
public struct AttributeName: Sendable {
    /// The identity of the name: ASCII letters in lower case, options sorted and without repeats.
    public let folded: [UInt8]

    /// The name as it was written.
    let written: [UInt8]

    /// Reads a name, or gives `nil` where the text is not an attribute description.
    public init?(_ text: String) {
        self.init(bytes: text.utf8)
    }

    /// Reads a name from its bytes, or gives `nil` where they are not an attribute description.
    ///
    /// The option `range=0-1499` of Active Directory (also with `*` as its end) is accepted although RFC 4512 has no `=` there.
    public init?(bytes: some Collection<UInt8>) {
        self.init(owned: Array(bytes))
    }

    private init?(owned bytes: [UInt8]) {
        let end = bytes.firstIndex(of: UInt8(ascii: ";")) ?? bytes.endIndex
        guard Self.isType(bytes[..<end]) else { return nil }
        written = bytes
        if end == bytes.endIndex {
            folded = bytes.map(Self.lowercased)
            return
        }
        var options: [[UInt8]] = []
        for option in bytes[(end + 1)...].split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false) {
            let option = option.map(Self.lowercased)
            guard Self.isOption(option) else { return nil }
            options.append(option)
        }
        options.sort { $0.lexicographicallyPrecedes($1) }
        var result = bytes[..<end].map(Self.lowercased)
        var previous: [UInt8] = []
        for option in options where option != previous {
            result.append(UInt8(ascii: ";"))
            result.append(contentsOf: option)
            previous = option
        }
        folded = result
    }

    /// Takes bytes as they are, in both forms.
    init(verbatim bytes: [UInt8]) {
        folded = bytes
        written = bytes
    }

    /// Takes both forms as they are.
    init(folded: [UInt8], written: [UInt8]) {
        self.folded = folded
        self.written = written
    }

    /// The name without its options.
    public var base: AttributeName {
        guard folded.contains(UInt8(ascii: ";")) else { return self }
        return AttributeName(
            folded: Array(folded.prefix { $0 != UInt8(ascii: ";") }), written: Array(written.prefix { $0 != UInt8(ascii: ";") }))
    }
}

extension AttributeName: Hashable, Comparable, CustomStringConvertible {
    public static func == (left: AttributeName, right: AttributeName) -> Bool {
        left.folded == right.folded
    }

    /// Orders names by the bytes of their folded forms.
    public static func < (left: AttributeName, right: AttributeName) -> Bool {
        left.folded.lexicographicallyPrecedes(right.folded)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(folded)
    }

    /// The name as it was written, options included.
    public var description: String { String(decoding: written, as: UTF8.self) }
}

// MARK: - Grammar

extension AttributeName {
    @inline(__always)
    static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    /// Whether a key string may begin with the byte.
    @inline(__always)
    static func isKeyStart(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
    }

    /// Whether a key string may go on with the byte.
    @inline(__always)
    static func isKeyByte(_ byte: UInt8) -> Bool {
        isKeyStart(byte) || isDigit(byte) || byte == UInt8(ascii: "-")
    }

    private static func isType(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first else { return false }
        if isKeyStart(first) { return bytes.allSatisfy(isKeyByte) }
        return bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { arc in
            !arc.isEmpty && arc.allSatisfy(isDigit) && (arc.count == 1 || arc.first != UInt8(ascii: "0"))
        }
    }

    private static func isOption(_ option: [UInt8]) -> Bool {
        if option.starts(with: "range=".utf8) {
            let range = option.dropFirst(6)
            return !range.isEmpty
                && range.allSatisfy { isDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "*") }
        }
        return !option.isEmpty && option.allSatisfy(isKeyByte)
    }
}
