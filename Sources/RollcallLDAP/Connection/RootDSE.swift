import RollcallCore
import RollcallReading

/// What a server says of itself, RFC 4512 section 5.1.
struct RootDSE {
    static let pagedResults = "1.2.840.113556.1.4.319"
    static let whoAmI = "1.3.6.1.4.1.4203.1.11.3"
    static let startTLS = "1.3.6.1.4.1.1466.20037"

    let namingContexts: [String]
    let controls: Set<String>
    let extensions: Set<String>
    /// Name and version where the server gives them; slapd does not.
    let vendor: String

    private init(_ entry: PlainEntry) {
        namingContexts = entry.strings("namingContexts")
        controls = Set(entry.strings("supportedControl"))
        extensions = Set(entry.strings("supportedExtension"))
        let vendorWords = entry.strings("vendorName").prefix(1) + entry.strings("vendorVersion").prefix(1)
        let isOpenLDAP = entry.values(RootDSE.objectClass).contains { $0.elementsEqual("OpenLDAProotDSE".utf8) }
        vendor = vendorWords.isEmpty && isOpenLDAP ? "OpenLDAP" : SourceError.oneLine(vendorWords.joined(separator: " "))
    }

    /// Reads it; `nil` when the server hides it.
    static func read(_ session: LDAPSession) throws(SourceError) -> RootDSE? {
        let names = [
            "objectClass", "namingContexts", "supportedControl", "supportedExtension", "vendorName", "vendorVersion",
        ]
        return try session.readEntry("", attributes: names, while: "reading the root DSE").map { RootDSE($0) }
    }

    /// The naming context that holds `base`, the longest of several; `nil` when none does.
    func namingContext(of base: String) -> String? {
        guard let base = try? DistinguishedName(parsing: base) else { return nil }
        var best: (name: DistinguishedName, text: String)?
        for text in namingContexts {
            guard let name = try? DistinguishedName(parsing: text), base == name || base.isDescendant(of: name) else { continue }
            if best.map({ $0.name.rdns.count < name.rdns.count }) ?? true { best = (name, text) }
        }
        return best?.text
    }

    private static let objectClass = AttributeName("objectClass")
}

extension PlainEntry {
    fileprivate func values(_ name: AttributeName?) -> [[UInt8]] {
        name.map { values($0) } ?? []
    }
}
