extension DistinguishedName {
    /// Writes the comparison form of a name, and tells whether the bytes are a name.
    ///
    /// Equal names give equal bytes (see ``normalized``). Meant for many names: a plain name is done in one pass and without an
    /// allocation as long as `out` has room; any other goes through the full reader and gives the same bytes.
    ///
    /// - Parameters:
    ///   - bytes: The text of the name.
    ///   - out: Receives the form in place of what it held; its room is kept. Empty when the result is `false`.
    /// - Returns: `false` where the bytes are not a distinguished name.
    public static func normalize(_ bytes: UnsafeBufferPointer<UInt8>, into out: inout [UInt8]) -> Bool {
        let missing = bytes.count - out.count
        if missing > 0 { out.append(contentsOf: repeatElement(0, count: missing)) }
        let length = typeBytes.withUnsafeBufferPointer { types in
            valueBytes.withUnsafeBufferPointer { values in
                out.withUnsafeMutableBufferPointer { normalizePlain(bytes, into: $0, types: types, values: values) }
            }
        }
        if length >= 0 {
            out.removeLast(out.count &- length)
            return true
        }
        out.removeAll(keepingCapacity: true)
        guard let name = try? DistinguishedName(parsing: Array(bytes)[...]) else { return false }
        out.append(contentsOf: name.normalized)
        return true
    }

    /// Writes the comparison form of a name, and tells whether the bytes are a name.
    ///
    /// As ``normalize(_:into:)-(UnsafeBufferPointer<UInt8>,_)``.
    public static func normalize(_ bytes: ArraySlice<UInt8>, into out: inout [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { normalize($0, into: &out) }
    }

    /// Writes the form of a plain name to a buffer as long as its text, and gives the form's length, or -1 where the full reader has
    /// to look.
    ///
    /// Plain are names of key strings and of values in printable ASCII without `" # + ; < > \`, and in letters below U+0100. The form
    /// is never longer than the text.
    private static func normalizePlain(
        _ text: UnsafeBufferPointer<UInt8>, into buffer: UnsafeMutableBufferPointer<UInt8>, types: UnsafeBufferPointer<UInt8>,
        values: UnsafeBufferPointer<UInt8>
    ) -> Int {
        let count = text.count
        if count == 0 { return 0 }
        var read = 0
        var write = 0
        while true {
            while read < count, text[read] == UInt8(ascii: " ") { read += 1 }
            let typeStart = write
            guard read < count, AttributeName.isKeyStart(text[read]) else { return -1 }
            while read < count {
                let byte = types[Int(text[read])]
                if byte == 0 { break }
                buffer[write] = byte
                write &+= 1
                read &+= 1
            }
            if write - typeStart >= AttributeName.shortestLongName {
                write = shortenType(in: buffer, from: typeStart, to: write)
            }
            while read < count, text[read] == UInt8(ascii: " ") { read += 1 }
            guard read < count, text[read] == UInt8(ascii: "=") else { return -1 }
            buffer[write] = UInt8(ascii: "=")
            write += 1
            read += 1

            let valueStart = write
            var isAtSeparator = false
            while read < count {
                let byte = text[read]
                let plain = values[Int(byte)]
                read &+= 1
                if plain != 0 {
                    buffer[write] = plain
                    write &+= 1
                } else if byte == UInt8(ascii: ",") {
                    isAtSeparator = true
                    break
                } else if byte == UInt8(ascii: " ") {
                    if write > valueStart, buffer[write - 1] != UInt8(ascii: " ") {
                        buffer[write] = byte
                        write += 1
                    }
                } else if byte == 0xC3, read < count, text[read] & 0xC0 == 0x80 {
                    // U+00C0 to U+00FF, the letters of most names of people that are not ASCII. U+00D7 and U+00DF have no other case.
                    let last = text[read]
                    buffer[write] = byte
                    buffer[write + 1] = last < 0x9F && last != 0x97 ? last | 0x20 : last
                    write += 2
                    read += 1
                } else {
                    return -1
                }
            }
            if write > valueStart, buffer[write - 1] == UInt8(ascii: " ") { write -= 1 }
            if !isAtSeparator { return write }
            buffer[write] = UInt8(ascii: ",")
            write += 1
        }
    }

    /// Puts the short name of a type in place of its long name, and gives the new end.
    @inline(never)
    private static func shortenType(in buffer: UnsafeMutableBufferPointer<UInt8>, from start: Int, to end: Int) -> Int {
        let type = UnsafeBufferPointer(rebasing: buffer[start..<end])
        guard let short = AttributeName.shortName(ofFolded: type) else { return end }
        return short.withUTF8Buffer { bytes in
            for (offset, byte) in bytes.enumerated() { buffer[start + offset] = byte }
            return start + bytes.count
        }
    }

    /// For each byte what it becomes inside a key string, or 0 where it ends one.
    private static let typeBytes: [UInt8] = (0...UInt8.max).map { byte in
        AttributeName.isKeyByte(byte) ? AttributeName.lowercased(byte) : 0
    }

    /// For each byte what it becomes inside a value, or 0 where it needs a closer look.
    private static let valueBytes: [UInt8] = (0...UInt8.max).map { byte in
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "#"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "<"),
            UInt8(ascii: ">"), UInt8(ascii: "\\"):
            0
        default:
            byte > 0x20 && byte < 0x7F ? AttributeName.lowercased(byte) : 0
        }
    }

    /// The comparison form of levels, by the general way.
    static func comparisonForm(of rdns: [RelativeName]) -> [UInt8] {
        var out: [UInt8] = []
        var isFirst = true
        for rdn in rdns {
            if !isFirst { out.append(UInt8(ascii: ",")) }
            isFirst = false
            if rdn.components.count == 1, let component = rdn.components.first {
                append(component, to: &out)
                continue
            }
            // Components are a set: put them in the order of their forms. Repeats stay, so that they tell two names apart.
            let forms = rdn.components.map { component in
                var form: [UInt8] = []
                append(component, to: &form)
                return form
            }
            out.append(contentsOf: forms.sorted { $0.lexicographicallyPrecedes($1) }.joined(separator: [UInt8(ascii: "+")]))
        }
        return out
    }

    private static func append(_ component: RelativeName.Component, to out: inout [UInt8]) {
        out.append(contentsOf: component.type.foldedShortName)
        out.append(UInt8(ascii: "="))
        let start = out.count
        for byte in CaseIgnoreFolding.folded(component.value[...]) {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "<"), UInt8(ascii: ">"),
                UInt8(ascii: "\\"), 0..<0x20, 0x7F:
                HexEscape.append(byte, to: &out)
            case UInt8(ascii: "#") where out.count == start:
                HexEscape.append(byte, to: &out)
            default:
                out.append(byte)
            }
        }
    }
}
