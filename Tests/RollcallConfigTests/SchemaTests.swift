import Foundation
import Testing

@testable import RollcallConfig

@Suite("The table of keys")
struct SchemaTests {
    @Test("the JSON Schema in config/ is the one of the table")
    func schema() {
        Golden.expect(ConfigSchema.text, in: Folder.config.appendingPathComponent("rollcall.schema.json"))
    }

    @Test("the schema is JSON")
    func json() throws {
        let object = try JSONSerialization.jsonObject(with: Data(ConfigSchema.text.utf8)) as? [String: Any]
        let properties = object?["properties"] as? [String: Any]
        #expect(properties?.keys.contains("source") == true)
        #expect(properties?.keys.contains("daemon") == true)
    }

    @Test("every supported key stands in one of the sample files")
    func samples() throws {
        let samples = try ["rollcall.yaml", "scim.yaml", "file.yaml", "csv.yaml", "json.yaml"].map {
            try String(contentsOf: Folder.config.appendingPathComponent($0), encoding: .utf8)
        }.joined()
        for key in keys(of: ConfigKeys.root) { #expect(samples.contains("\(key):"), "\(key)") }
    }

    @Test(
        "the nearest key is the one that was meant, and none when none is near",
        arguments: [
            ("pagesize", "page_size"), ("page-size", "page_size"), ("PageSize", "page_size"), ("flavour", "flavor"), ("tsl", "tls"),
            ("refferals", "referrals"), ("dead_line", "deadline"), ("colour", nil), ("", nil), ("x", nil), ("groups_", "groups"),
        ] as [(String, String?)])
    func nearest(word: String, key: String?) {
        #expect(NearestKey.nearest(to: word, among: ConfigKeys.ldap.keys.map(\.name)) == key)
    }

    private func keys(of section: ConfigSection) -> [String] {
        section.keys.filter(\.isSupported).flatMap { [$0.name] + keys(of: $0.type) }
    }

    private func keys(of type: ConfigType) -> [String] {
        switch type {
        case .section(let section): keys(of: section)
        case .variants(let variants): variants.sections.flatMap { keys(of: $0.section) }
        case .list(let item, _, _): keys(of: item)
        case .named(let value): keys(of: value)
        case .orNothing(let type): keys(of: type)
        case .text, .wholeNumber, .flag, .word, .secret: []
        }
    }
}
