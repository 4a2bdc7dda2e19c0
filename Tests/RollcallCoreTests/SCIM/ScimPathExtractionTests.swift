import Testing

@testable import RollcallCore

@Suite("A SCIM path, applied to a resource,")
struct ScimPathExtractionTests {
    private static func values(_ path: String, in resource: String) throws -> (values: [String], tolerances: ScimTolerances) {
        var values: [String] = []
        var tolerances: ScimTolerances = []
        try ScimPath(parsing: path).forEachValue(in: try ScimJSON(resource), tolerances: &tolerances) { values.append($0.shown) }
        return (values, tolerances)
    }

    private static let resource = """
        {"userName": "ada", "active": false, "children": 5, "blank": "", "null": null, "empty": [], "void": {},
         "name": {"formatted": "Ada L", "familyName": "L", "middle": null}, "manager": {"value": "m1", "displayName": "Grace"},
         "boss": {"displayName": "Grace"}, "badge": {"formatted": {"x": 1}, "value": 7}, "odd": {"x": 1},
         "emails": [{"value": "a@home", "type": "home"}, {"value": "a@work", "type": "Work"}, {"value": "b@work", "type": "work"}, {}],
         "phones": [{"value": "1", "type": "work"}, {"value": "2", "primary": true}, {"value": "3", "primary": true}],
         "ims": [{"value": "x"}, {"value": "y", "type": "skype", "primary": false}, {"value": ""}, {"value": null}, null],
         "tags": ["a", null, "b", ["c"], {"value": "d"}], "groups": [{"value": "g1", "display": "One"}, {"value": "g2", "display": "Two"}],
         "addresses": [{"type": "work", "locality": "Bath"}, {"type": "home", "locality": "York"}],
         "schemas": ["urn:x:2.0:User"],
         "urn:X:2.0:user": {"department": "Ops", "manager": {"value": "m2", "displayName": "Hopper"}, "skills": ["s", "t"]}}
        """

    @Test(
        "says where something is there that is no value",
        arguments: [
            ("odd", true), ("userName.type", true), ("badge.formatted", true), ("nests", true), ("deep", true), ("deep.value", true),
            ("name", false), ("onlyFamily", true), ("null", false), ("empty", false), ("void", false), ("nothing", false), ("blank", false),
            ("addresses", false), ("ims", false), ("tags", true), ("tags.type", true), ("emails.nothing", false), ("name.middle", false),
        ])
    func unreadable(path: String, isUnreadable: Bool) throws {
        let more = #", "nests": [["x"]], "deep": {"value": {"x": 1}}, "onlyFamily": {"familyName": "L"}}"#
        let resource = try ScimJSON(String(Self.resource.dropLast()) + more)
        #expect(try ScimPath(parsing: path).isUnreadable(in: resource) == isUnreadable)
        let named = try ScimJSON(#"{"name": {"familyName": "L"}}"#)
        #expect(try !ScimPath(parsing: "name").isUnreadable(in: named))
    }

    @Test(
        "gives the values that are meant",
        arguments: [
            ("userName", ["ada"]), ("USERNAME", ["ada"]), ("urn:ietf:params:scim:schemas:core:2.0:User:userName", ["ada"]),
            ("urn:ietf:params:scim:schemas:core:2.0:Group:userName", ["ada"]), ("active", ["false"]), ("children", ["5"]), ("blank", [""]),
            ("null", []), ("empty", []), ("void", []), ("nothing", []), ("nothing.value", []), ("userName.value", ["ada"]),
            ("userName.type", []), ("name", ["Ada L"]), ("name.familyName", ["L"]), ("name.middle", []), ("name.nothing", []),
            ("manager", ["m1"]), ("boss", ["Grace"]), ("badge", ["7"]), ("odd", []),
            // Among several: the primary one, else work, else all.
            ("phones", ["2"]), ("phones.value", ["2"]), ("phones.type", []), ("emails", ["a@work", "b@work"]),
            ("emails.value", ["a@work", "b@work"]),
            ("emails.type", ["Work", "work"]), ("ims", ["x", "y", ""]), ("groups.value", ["g1", "g2"]), ("groups.display", ["One", "Two"]),
            ("addresses", []), ("addresses.locality", ["Bath"]), ("tags", ["a", "b", "d"]), ("tags.value", ["a", "b", "d"]),
            ("schemas", ["urn:x:2.0:User"]), ("schemas.type", []),
            // A filter chooses instead.
            ("emails[type eq \"home\"]", ["a@home"]), ("emails[type eq \"home\"].value", ["a@home"]),
            ("emails[value pr]", ["a@home", "a@work", "b@work"]),
            ("phones[primary ne true].value", ["1"]), ("phones[type eq \"x\"].value", []), ("tags[value ge \"b\"]", ["b", "d"]),
            ("addresses[locality sw \"y\"].locality", ["York"]), ("manager[value eq \"m1\"].displayName", ["Grace"]),
            ("manager[value eq \"m2\"].displayName", []), ("null[value pr]", []), ("userName[value eq \"Ada\"]", ["ada"]),
            // Extensions.
            ("urn:x:2.0:User:department", ["Ops"]), ("urn:x:2.0:User.department", ["Ops"]), ("urn:x:2.0:User:manager", ["m2"]),
            ("urn:x:2.0:User:manager.displayName", ["Hopper"]), ("urn:x:2.0:User:skills", ["s", "t"]), ("urn:x:2.0:User:userName", []),
            ("urn:y:2.0:User:department", []),
        ])
    func gives(path: String, values: [String]) throws {
        let result = try Self.values(path, in: Self.resource)
        #expect(result.values == values)
        #expect(result.tolerances == [])
    }

    @Test(
        "notes what it tolerated",
        arguments: [
            (#"{"emails": [{"value": "a"}, {"value": "b", "primary": "True"}]}"#, "emails", ["b"], ScimTolerances.booleanAsText),
            (#"{"emails": [{"value": "a", "primary": "False"}, {"value": "b", "type": "work"}]}"#, "emails", ["b"], .booleanAsText),
            (#"{"emails": [{"value": "a"}, {"value": "b", "primary": 1}]}"#, "emails.value", ["b"], .booleanAsNumber),
            (#"{"emails": [{"value": "a", "primary": "yes"}, {"value": "b"}]}"#, "emails.value", ["a", "b"], []),
            (#"{"emails": [{"value": "a"}, {"value": "b", "primary": "TRUE"}]}"#, "emails[primary eq true]", ["b"], .booleanAsText),
            (#"{"urn:x:2.0:User:department": "Ops"}"#, "urn:x:2.0:User:department", ["Ops"], .flattenedExtension),
            (#"{"urn:x:2.0:User.department": "Ops"}"#, "urn:x:2.0:User:department", ["Ops"], .flattenedExtension),
            (#"{"urn:x:2.0:User:manager": {"value": "m"}}"#, "urn:x:2.0:User.manager.value", ["m"], .flattenedExtension),
            (#"{"urn:x:1.0:topic": {"owner": "o"}}"#, "urn:x:1.0:topic.owner", ["o"], .flattenedExtension),
        ] as [(String, String, [String], ScimTolerances)])
    func tolerates(resource: String, path: String, values: [String], tolerances: ScimTolerances) throws {
        let result = try Self.values(path, in: resource)
        #expect(result.values == values)
        #expect(result.tolerances == tolerances)
    }
}
