import CLDAP
import RollcallCore

/// An entry of a small search, kept as it came: the root DSE, a base, a sample.
struct PlainEntry {
    var dn: [UInt8] = []
    var attributes: [(name: AttributeName, values: [[UInt8]])] = []

    /// The values of an attribute, none when it is absent.
    func values(_ name: AttributeName) -> [[UInt8]] {
        attributes.first { $0.name == name }?.values ?? []
    }

    /// The values as text for a person; what is not UTF-8 is repaired.
    func strings(_ name: StaticString) -> [String] {
        guard let name = AttributeName("\(name)") else { return [] }
        return values(name).map { String(decoding: $0, as: UTF8.self) }
    }
}

extension LDAPSession {
    func plainEntry(_ message: borrowing LDAPMessage) throws(SourceError) -> PlainEntry {
        var entry = PlainEntry()
        var fields = try EntryFields(self, message)
        entry.dn = Array(fields.dn)
        while try fields.advance() {
            guard let name = AttributeName(bytes: fields.name) else { continue }
            entry.attributes.append((name, (0..<fields.valueCount).map { Array(fields.value($0)) }))
        }
        return entry
    }
}
