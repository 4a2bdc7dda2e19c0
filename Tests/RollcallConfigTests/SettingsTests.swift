import Foundation
import RollcallCore
import Testing

@testable import RollcallConfig

@Suite("Settings from a config file")
struct SettingsTests {
    @Test("the LDAP sample gives what it says")
    func ldapSample() throws {
        let settings = try #require(ConfigFile.load(path: Folder.config.appendingPathComponent("rollcall.yaml").path).settings)
        guard case .ldap(let ldap) = settings.source else { return #expect(Bool(false)) }
        #expect(ldap.urls == ["ldaps://ldap1.example.com", "ldaps://ldap2.example.com"])
        #expect(ldap.caFile == "/etc/ssl/certs/corp.pem")
        #expect(ldap.bind == .simple(dn: "cn=rollcall,ou=services,dc=example,dc=com", password: .credential("ldap-password")))
        #expect(ldap.users.base == "ou=people,dc=example,dc=com")
        #expect(ldap.groups?.base == "ou=groups,dc=example,dc=com")
        #expect(ldap.pageSize == 1000)
        #expect(ldap.deadline == RollcallCore.Span(seconds: 900))
        #expect(settings.store.path == "/var/lib/rollcall/rollcall.db")
        #expect(settings.guards == GuardLimits())
        #expect(settings.rules.attributes.extra.map(\.name) == ["department", "phone"])
        #expect(
            settings.rules.status.map(\.text) == [
                "(employeeType=contractor-ended)", "(employeeType=dismissed)", "expired: shadowExpire",
                "(pwdAccountLockedTime=000001010000Z)", "expired: pwdEndTime", temporaryLock,
            ])
        #expect(settings.rules.status.map(\.isDefault) == [false, false, false, true, true, true])
        #expect(settings.rules.status.map(\.outcome) == [.deleted, .deleted, .inactive, .inactive, .inactive, .inactive])
        #expect(settings.rules.status.map(\.isImmediate) == [false, true, false, false, false, false])
        #expect(settings.rules.lifecycle == Lifecycle())
        #expect(settings.rules.permissionGroups == [PermissionGroup(name: "Administrators", isPrivileged: true, permissions: ["*"])])
        #expect(settings.rules.protection == Protection(roles: [.owner], users: [FoldedKey("breakglass")]))
        #expect(settings.rules.ignore.map(\.description) == ["(employeeType=service)"])
        #expect(
            settings.expectations == [
                Expectation(user: "alice", .present(status: .active, groups: ["Administrators"])), Expectation(user: "mallory", .absent),
            ])
    }

    @Test("what is left out has the documented defaults")
    func defaults() throws {
        let settings = try parse(minimal)
        guard case .ldap(let ldap) = settings.source else { return #expect(Bool(false)) }
        #expect(ldap.flavor == .openldap)
        #expect(ldap.users.scope == .subtree)
        #expect(ldap.users.filter.description == "(objectClass=inetOrgPerson)")
        #expect(ldap.groups == nil)
        #expect(ldap.bind == .anonymous)
        #expect(ldap.referrals == .incomplete)
        #expect(!ldap.startTLS)
        let mapping = settings.rules.attributes
        #expect(mapping.anchor == AttributeName("entryUUID"))
        #expect(mapping.username.attributes.map(\.description) == ["uid"])
        #expect(mapping.email?.attributes.map(\.description) == ["mail"])
        #expect(mapping.givenName?.attributes.map(\.description) == ["givenName"])
        #expect(mapping.familyName?.attributes.map(\.description) == ["sn"])
        #expect(mapping.displayName?.attributes.map(\.description) == ["displayName", "cn"])
        #expect(mapping.extra.isEmpty)
        #expect(settings.rules.policy == .full)
        #expect(settings.rules.lifecycle.username == .keep)
        #expect(settings.rules.protection.roles == [.owner])
        #expect(settings.rules.nestedGroups)
    }

    @Test("the names of deleted users are kept unless the file frees them")
    func reuseOfIdentifiers() throws {
        #expect(try parse(minimal).rules.lifecycle.reusesIdentifiers == false)
        let reusing = minimal.replacingOccurrences(of: "store: {", with: "store: {reuse_identifiers: true, ")
        #expect(reusing != minimal)
        #expect(try parse(reusing).rules.lifecycle.reusesIdentifiers)
    }

    @Test("~ leaves a field out, and a column of a CSV counts only when it is named")
    func fieldsLeftOut() throws {
        let none = try parse(minimal + "attributes: {email: ~, given_name: null, family_name: , display_name: ~}\n").rules.attributes
        #expect([none.email, none.givenName, none.familyName, none.displayName].allSatisfy { $0 == nil })
        let csv = try parse("source: {type: file, path: p.csv}\nstore: {url: 'sqlite:///r.db'}\nattributes: {anchor: id, email: e}\n")
        #expect(csv.rules.attributes.attributes.map(\.description) == ["uid", "e"])
        #expect(csv.rules.status.isEmpty)
        guard case .file(let file) = csv.source else { return #expect(Bool(false)) }
        #expect(file.users.description == "(id=*)")
        #expect(file.groups == nil)
    }

    @Test("templates keep their text, and a doubled brace is a brace")
    func templates() throws {
        let text = #"attributes: {display_name: ["{givenName} {sn}", "{{{uid}}}"]}"#
        let display = try parse(minimal + text).rules.attributes.displayName
        let given = try #require(AttributeName("givenName"))
        let family = try #require(AttributeName("sn"))
        let uid = try #require(AttributeName("uid"))
        #expect(
            display?.alternatives == [
                .template([.attribute(given), .text(" "), .attribute(family)]), .template([.text("{"), .attribute(uid), .text("}")]),
            ])
    }

    @Test("each flavor has its status rules, but for those that the file has itself")
    func statusDefaults() throws {
        let generic = try parse(minimal.replacingOccurrences(of: "  users", with: "  flavor: generic\n  users"))
        #expect(
            generic.rules.status.map(\.text) == [
                "(pwdAccountLockedTime=000001010000Z)", "(nsAccountLock=TRUE)", "expired: shadowExpire", temporaryLock,
            ])
        #expect(generic.rules.status.map(\.isTemporary) == [false, false, false, true])
        let own = try parse(minimal + "status: [{when: (pwdAccountLockedTime=000001010000Z), then: active}]\n")
        #expect(own.rules.status.map(\.text) == ["(pwdAccountLockedTime=000001010000Z)", "expired: pwdEndTime", temporaryLock])
        #expect(own.rules.status.map(\.outcome) == [.active, .inactive, .inactive])
        let ldif = try parse("source: {type: file, path: p.ldif}\nstore: {url: 'sqlite:///r.db'}\n")
        #expect(ldif.rules.status.map(\.text) == ["(pwdAccountLockedTime=000001010000Z)", "expired: pwdEndTime", temporaryLock])
    }

    private let temporaryLock = "(&(pwdAccountLockedTime=*)(!(pwdAccountLockedTime=000001010000Z)))"

    @Test("absent: unknown reaches the rule, and leaving it out leaves it to the attribute")
    func absent() throws {
        let rules = try parse(minimal + "status: [{when: (a=b), then: active, absent: unknown}, {when: (c=d), then: inactive}]\n").rules
            .status
        #expect(rules.prefix(2).map(\.absentMeansUnknown) == [true, nil])
    }

    @Test("a `from` is a DN, an immutable id or a name")
    func selectors() throws {
        let text = """
              groups: {base: "dc=x"}
            store: {url: "sqlite:///r.db"}
            groups:
              - {from: "CN=Admins, DC=X", grant: A}
              - {from: 6F9619FF-8B86-D011-B42D-00C04FC964FF, grant: B}
              - {from: 4f9e2701-5d6f11ee-8a3fd5c1-2b9c7e10, grant: C}
              - {from: Console Admins, grant: D}
              - {match: "^app-(?<team>[a-z]+)$", grant: "Team {team}"}
            """
        let rules = try parse(minimal.replacingOccurrences(of: "store: {url: \"sqlite:///r.db\"}\n", with: text)).rules.groups
        let dn = try DistinguishedName(parsing: "cn=admins,dc=x")
        #expect(rules.map(\.text).count == 5)
        #expect(rules[0].selector == .dn(dn.normalized))
        #expect(rules[1].selector == .anchor(Anchor("6f9619ff-8b86-d011-b42d-00c04fc964ff".utf8)))
        #expect(rules[2].selector == .anchor(Anchor("4f9e2701-5d6f11ee-8a3fd5c1-2b9c7e10".utf8)))
        #expect(rules[3].selector == .name(FoldedKey("console admins")))
        let match = rules[4].permissionGroup(for: "app-billing", anchor: Anchor([1]), normalizedDN: [])
        #expect(match == "Team billing")
    }

    @Test("a `from` by an immutable id means the group in the form of the server, as GUID text and as `0x` with digits")
    func idsOfServers() throws {
        let text = """
              groups: {base: "dc=x"}
            store: {url: "sqlite:///r.db"}
            groups:
              - {from: BF5499DA-fe94-4e69-827f-b7d7e6adee11, grant: A}
              - {from: 0xda9954bf94fe694e827fb7d7e6adee11, grant: B}
              - {from: "0xBEEF", grant: C}
            """
        let rules = try parse(minimal.replacingOccurrences(of: "store: {url: \"sqlite:///r.db\"}\n", with: text)).rules.groups
        let octets: [UInt8] = [0xDA, 0x99, 0x54, 0xBF, 0x94, 0xFE, 0x69, 0x4E, 0x82, 0x7F, 0xB7, 0xD7, 0xE6, 0xAD, 0xEE, 0x11]
        func granted(_ rule: Int, _ anchor: Anchor, _ name: Text = "x") -> Text? {
            rules[rule].permissionGroup(for: name, anchor: anchor, normalizedDN: [])
        }
        #expect(granted(0, Anchor(octets)) == "A" && granted(1, Anchor(octets)) == "B")
        #expect(granted(0, Anchor("BF5499DA-FE94-4E69-827F-B7D7E6ADEE11".utf8)) == "A")
        #expect(granted(0, Anchor(octets.reversed())) == nil && granted(1, Anchor(octets.reversed())) == nil)
        #expect(granted(2, Anchor([0xBE, 0xEF])) == nil && granted(2, Anchor([1]), "0xbeef") == "C", "a short one is a name")
    }

    @Test("a guard that is named in part keeps the rest of its default")
    func guards() throws {
        let guards = try parse(minimal + "guards: {deactivations: {percent: 2}, creations: {count: 10}, shrink: {min: 0}}\n").guards
        #expect(guards.deactivations == GuardLimit(percent: 2, count: 500, min: 5))
        #expect(guards.creations == GuardLimit(percent: 20, count: 10, min: 50))
        #expect(guards.shrink == GuardLimit(percent: 20, min: 0))
        #expect(guards.reactivations == GuardLimits().reactivations)
    }

    @Test("a permission group without a section is declared and carries nothing")
    func bareGroup() throws {
        let groups = try parse(minimal + "permission_groups:\n  Staff:\n  Other: {privileged: true}\n").rules.permissionGroups
        #expect(groups == [PermissionGroup(name: "Staff"), PermissionGroup(name: "Other", isPrivileged: true)])
    }

    @Test("binds: external over a unix socket or with a certificate, a password from a file")
    func binds() throws {
        let socket = minimal.replacingOccurrences(of: "ldaps://l.example.com", with: "ldapi://%2Frun%2Fslapd%2Fldapi")
        #expect(try bind(socket, "{mechanism: external}") == .external)
        let certificate = minimal.replacingOccurrences(of: "  users", with: "  tls: {cert_file: c.pem, key_file: k.pem}\n  users")
        #expect(try bind(certificate, "{mechanism: external}") == .external)
        let password = SecretReference.file("/etc/rollcall/secret")
        #expect(try bind(minimal, "{dn: 'cn=r,dc=x', password: {file: secret}}") == .simple(dn: "cn=r,dc=x", password: password))
    }

    private func bind(_ text: String, _ value: String) throws -> LDAPSettings.Bind? {
        guard case .ldap(let ldap) = try parse(text.replacingOccurrences(of: "  users", with: "  bind: \(value)\n  users")).source else {
            return nil
        }
        return ldap.bind
    }

    private let minimal = """
        source:
          type: ldap
          url: ldaps://l.example.com
          users: {base: "dc=x"}
        store: {url: "sqlite:///r.db"}

        """

    private func parse(_ text: String) throws -> Settings {
        let result = ConfigFile.parse(Array(text.utf8), file: "/etc/rollcall/rollcall.yaml")
        #expect(result.findings.map(\.description) == [])
        return try #require(result.settings)
    }
}
