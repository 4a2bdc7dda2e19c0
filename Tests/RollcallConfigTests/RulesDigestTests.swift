import Foundation
import RollcallCore
import Testing

@testable import RollcallConfig

@Suite("Settings.rulesDigest")
struct RulesDigestTests {
    private let text: String

    init() throws {
        text = try String(contentsOf: Folder.config.appendingPathComponent("rollcall.yaml"), encoding: .utf8)
    }

    @Test("is the same for the same file, and for one that differs in comments, layout and what it spells out of the defaults")
    func stable() throws {
        #expect(try digest(text) == digest(text))
        let bare = text.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("#") }.joined(separator: "\n")
        #expect(try digest(text) == digest(bare))
        #expect(try digest(text) == digest(text.replacingOccurrences(of: "policy: full", with: "")))
        #expect(try digest(text) == digest(text.replacingOccurrences(of: "ou=people,dc=example", with: "OU=People, dc=example")))
    }

    @Test(
        "does not move with how the source is reached, where the store is and what the guards allow",
        arguments: [
            ("ldaps://ldap1.example.com", "ldaps://ldap9.example.com"), ("page_size: 1000", "page_size: 500"),
            ("deadline: 15m", "deadline: 20m"), ("answer_timeout: 60s", "answer_timeout: 30s"), ("corp.pem", "other.pem"),
            ("credential: ldap-password", "file: /etc/p"), ("rollcall/rollcall.db", "rollcall/other.db"),
            ("deactivations: {percent: 5,", "deactivations: {percent: 9,"),
        ])
    func unmoved(from: String, to: String) throws {
        #expect(text.contains(from))
        #expect(try digest(text) == digest(text.replacingOccurrences(of: from, with: to)))
    }

    @Test("does not move when a SCIM service is followed, which is about how and not about what")
    func followed() throws {
        let scim = try String(contentsOf: Folder.config.appendingPathComponent("scim.yaml"), encoding: .utf8)
        let followed = scim.replacingOccurrences(of: "# follow: true", with: "follow: true")
        let settings = try #require(ConfigFile.parse([UInt8](followed.utf8), file: "scim.yaml").settings)
        guard case .scim(let service) = settings.source else { throw CocoaError(.coderInvalidValue) }
        #expect(service.follows && scim != followed)
        #expect(try digest(scim) == digest(followed))
    }

    @Test(
        "moves with each thing that decides what accounts should be",
        arguments: [
            ("ou=people,dc=example", "ou=staff,dc=example"), ("scope: subtree", "scope: one"),
            ("filter: \"(objectClass=inetOrgPerson)\"", "filter: \"(objectClass=person)\""),
            ("(employeeType=service)", "(employeeType=bot)"),
            ("ou=groups,dc=example,dc=com\"\n    scope", "ou=roles,dc=example,dc=com\"\n    scope"), ("nested: true", "nested: false"),
            ("referrals: incomplete", "referrals: ignore"), ("anchor: entryUUID", "anchor: nsUniqueId"), ("username: uid", "username: cn"),
            ("email: mail", "email: ~"), ("[displayName, cn,", "[cn, displayName,"), ("{givenName} {sn}", "{givenName}  {sn}"),
            ("phone: telephoneNumber", "phone: mobile"), ("phone: telephoneNumber", "mobile: telephoneNumber"),
            ("{when: \"(employeeType=contractor-ended)\", then: deleted}", "{when: \"(employeeType=contractor-ended)\", then: active}"),
            (
                "{when: \"(employeeType=contractor-ended)\", then: deleted}",
                "{when: \"(employeeType=contractor-ended)\", then: inactive, absent: unknown}"
            ),
            ("expired: shadowExpire", "expired: accountExpires"), ("username: keep", "username: rename"),
            ("cn=console-admins", "cn=admins"), ("^app-(?<team>[a-z]+)$", "^app-(?<team>[a-z]*)$"), ("\"Team {team}\"", "\"team {team}\""),
            ("\"Team {team}\"", "\"Team {{team}}\""), ("privileged: true", "privileged: false"), ("[\"*\"]", "[read]"),
            ("policy: full", "policy: no-removals"), ("roles: [owner]", "roles: [owner, admin]"), ("users: [breakglass]", "users: [root]"),
            ("flavor: openldap", "flavor: generic"), ("then: deleted, now: true", "then: deleted"),
            ("delete_after: 30d", "delete_after: 31d"),
            ("purge_after: never", "purge_after: 1d"), ("new_users: active", "new_users: invited"),
            ("status_missing: wait", "status_missing: inactive"), ("temporary_lock: report", "temporary_lock: inactive"),
            ("confirm_absence: true", "confirm_absence: false"), ("adopt: never", "adopt: email"),
            ("reuse_identifiers: false", "reuse_identifiers: true"),
        ])
    func moved(from: String, to: String) throws {
        #expect(text.contains(from))
        // Only the first: some of these texts stand in comments further down.
        let range = try #require(text.range(of: from))
        let original = try digest(text)
        let changed = try digest(
            text.replacingCharacters(in: range, with: to).replacingOccurrences(
                of: "  - {expired: shadowExpire, then: inactive}\n",
                with: from == "flavor: openldap" ? "" : "  - {expired: shadowExpire, then: inactive}\n"))
        #expect(original != changed, "\(from) → \(to)")
    }

    private func digest(_ text: String) throws -> Digest {
        let result = ConfigFile.parse(Array(text.utf8), file: "r.yaml")
        #expect(result.findings.map(\.description) == [])
        return try #require(result.settings).rulesDigest
    }
}
