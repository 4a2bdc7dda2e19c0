/// A resource as a snapshot keeps it: a raw entry with one attribute, whose value is the resource in JSON without its secrets.
public enum RawResource {
    static let attribute = Array("resource".utf8)

    /// The entry of a resource.
    public static func entry(_ kind: RawEntry.Kind, _ resource: JSONElement) -> RawEntry {
        var writer = ResourceWriter()
        writer.write(resource)
        return entry(kind, resource.member("id")?.bytes ?? [], writer.bytes)
    }

    /// The entry of a group with other members than it came with: those that were gathered elsewhere, or `null` when they are not known.
    ///
    /// What has a name twice stays as it is, for it is rejected whenever it is read again.
    static func group(_ entry: RawEntry, with members: MemberNames?) -> RawEntry {
        let tree = JSONTree()
        var changed: RawEntry?
        _ = read(entry, into: tree) { group in
            guard tree.repeatedName == nil else { return }
            var writer = ResourceWriter()
            writer.write(group, with: members)
            changed = RawResource.entry(.group, group.member("id")?.bytes ?? [], writer.bytes)
        }
        return changed ?? entry
    }

    private static func entry(_ kind: RawEntry.Kind, _ id: [UInt8], _ json: [UInt8]) -> RawEntry {
        var builder = RawEntryBuilder()
        builder.begin(kind, dn: id)
        builder.attribute(attribute)
        builder.value(json)
        return builder.finish()
    }

    /// Reads a kept resource into `tree`; `false` when the entry is none.
    static func read(_ entry: RawEntry, into tree: JSONTree, _ body: (JSONElement) -> Void) -> Bool {
        entry.withCursor { cursor in
            while let item = cursor.next() {
                guard case .value(let value) = item else { continue }
                // A number at the very end would not be known to be whole; a resource is an object.
                guard let end = try? tree.read(value, from: 0), end == value.count else { return false }
                body(tree.root)
                return true
            }
            return false
        } ?? false
    }
}

/// Writes a resource as JSON again, without the members that ``SecretAttributes`` names.
struct ResourceWriter {
    private(set) var bytes: [UInt8] = []

    /// Writes one value and everything in it; its depth is bounded by what ``JSONTree`` reads.
    mutating func write(_ value: JSONElement) {
        switch value.kind {
        case .null: write("null")
        case .boolean(let isTrue): write(isTrue ? "true" : "false")
        case .number: value.withBytes { bytes += $0 }
        case .string: value.withBytes { writeString($0) }
        case .array:
            write("[")
            var isFirst = true
            value.forEachElement { element in
                if !isFirst { write(",") }
                isFirst = false
                write(element)
                return true
            }
            write("]")
        case .object:
            write("{")
            var isFirst = true
            value.forEachMember { name, value in
                if SecretAttributes.contains(description: name) { return }
                if !isFirst { write(",") }
                isFirst = false
                writeString(name)
                write(":")
                write(value)
            }
            write("}")
        }
    }

    /// Writes a group with these members in the place of its own; `nil` writes `null`.
    mutating func write(_ group: JSONElement, with members: MemberNames?) {
        write("{")
        group.forEachMember { name, value in
            if SecretAttributes.contains(description: name) || name.map(JSONName.folded) == ResourceWriter.members { return }
            writeString(name)
            write(":")
            write(value)
            write(",")
        }
        write("\"members\":")
        guard let members else { return write("null}") }
        write("[")
        var isFirst = true
        members.forEachName { name in
            write(isFirst ? "{\"$ref\":" : ",{\"$ref\":")
            isFirst = false
            writeString(name)
            write(",\"value\":")
            writeString(UnsafeBufferPointer(rebasing: name.dropFirst().drop { $0 != UInt8(ascii: "/") }.dropFirst()))
            write("}")
        }
        write("]}")
    }

    private static let members = Array("members".utf8)

    private mutating func write(_ text: StaticString) {
        text.withUTF8Buffer { bytes += $0 }
    }

    private mutating func writeString(_ text: UnsafeBufferPointer<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                write("\\u00")
                bytes += Hexadecimal.text([byte]).utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
