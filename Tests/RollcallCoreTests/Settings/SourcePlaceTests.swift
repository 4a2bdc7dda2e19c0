import RollcallCore
import Testing

@Suite("What tells one source from another")
struct SourcePlaceTests {
    @Test("another URL, another account and another filter make another place; how it is reached does not")
    func differs() throws {
        var settings = ScimSettings(url: "https://id.example.org/scim/v2")
        settings.auth = .basic(user: "rollcall", password: .file("/etc/rollcall/password"))
        let place = SourceSettings.scim(settings).place
        #expect(place.utf8.count == 16 && place.utf8.allSatisfy { $0 > 0x20 })
        let others: [(inout ScimSettings) throws -> Void] = [
            { $0.url = "https://id.example.org/scim/v3" }, { $0.auth = .none },
            { $0.auth = .basic(user: "other", password: .file("/etc/rollcall/password")) },
            { $0.auth = .bearer(.file("/etc/rollcall/password")) }, { $0.userFilter = try ScimFilter(parsing: "active eq true") },
            { $0.groupFilter = try ScimFilter(parsing: "active eq true") }, { $0.groupMembers = .each },
        ]
        var places: Set<String> = [place]
        for other in others {
            var changed = settings
            try other(&changed)
            places.insert(SourceSettings.scim(changed).place)
        }
        #expect(places.count == others.count + 1)
        settings.proxy = "http://proxy.example.org:3128"
        settings.pageSize = 7
        settings.auth = .basic(user: "rollcall", password: .credential("password"))
        #expect(SourceSettings.scim(settings).place == place)
    }
}
