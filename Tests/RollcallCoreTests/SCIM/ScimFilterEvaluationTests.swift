import Testing

@testable import RollcallCore

@Suite("A SCIM filter, evaluated,")
struct ScimFilterEvaluationTests {
    private static let resource = """
        {"externalId": "user:externalId", "id": "user:id",
         "meta": {"created": "2026-01-02T03:04:05.678Z", "lastModified": "2015-02-27T11:29:39Z", "location": "https://here/user",
                  "resourceType": "some resource type", "version": "1.0"},
         "name": {"first": "name:first", "last": "name:last", "middle": "name:middle"},
         "shoeSize": "12W", "weight": 175.6, "children": 5, "true": true, "false": false, "null": null, "empty": [],
         "addresses": [
           {"type": "work", "streetAddress": "100 Universal City Plaza", "locality": "Hollywood", "postalCode": "91608",
            "priority": 0, "primary": true},
           {"type": "home", "streetAddress": "456 Hollywood Blvd", "locality": "Hollywood", "postalCode": "91608", "priority": 10}],
         "schemas": ["urn:pingidentity:schemas:baseSchema", "urn:pingidentity:schemas:favoriteColor"],
         "urn:pingidentity:schemas:favoriteColor": {"favoriteColor": "extension:favoritecolor"},
         "userName": "user:username", "friends": [{"displayName": "Babs Jensen", "$ref": "Users/BabsJensen"}],
         "emails": [{"value": "ada@example.com", "type": "work"}, {"value": "ada@home.example", "type": "home"}, {}, {"type": "other"}],
         "roles": [{"value": "admin", "primary": "True"}], "tags": ["a", null, "b"], "blank": "", "void": {}, "voids": [{}], "nulls": [null],
         "active": "maybe", "on": "TRUE", "off": "False", "one": 1, "zero": 0, "two": 2, "number": " 5", "digits": "50",
         "big": 9223372036854775807, "huge": 1e300, "greeting": "Größe İ ẞ", "nested": [["x"]], "parts": [{"value": ["p", "q"]}]}
        """

    private static func ruling(
        _ filter: String, on resource: String = resource, states: [String] = []
    ) throws -> (ruling: ScimRuling, tolerances: ScimTolerances) {
        let filter = try ScimFilter(parsing: filter)
        let states = try states.map { try ScimPath(parsing: $0) }
        var tolerances: ScimTolerances = []
        let ruling = filter.evaluate(on: try ScimJSON(resource), tolerances: &tolerances, isState: states.contains)
        return (ruling, tolerances)
    }

    @Test(
        "holds or not as RFC 7644 has it",
        arguments: [
            ("name.first eq \"nAme:fiRst\"", true), ("null eq null", true), ("empty eq null", true), ("unassigned ne null", false),
            ("name.first co \"nAme:fiRst\"", true), ("naMe.First ew \"nAme:fiRst\"", true), ("name.first ew \":fiRst\"", true),
            ("weight gt 175.2", true), ("weight gt 175.6", false), ("weight ge 175", true), ("weight lt 176", true),
            ("weight le 175.6", true), ("children gt 4.5", true), ("children gt 5", false), ("children ge 4", true),
            ("children lt 6", true), ("children le 5", true), ("children pr", true), ("unassigned pr", false),
            ("true eq true and false eq false", true), ("true eq true or false eq false", true), ("not(true eq true)", false),
            ("addresses[type eq \"home\" and streetAddress co \"Hollywood\"]", true),
            ("addresses.type eq \"work\" and addresses.streetAddress co \"Hollywood\"", true),
            ("friends[$ref eq \"Users/BabsJensen\"]", true), ("addresses.priority ge 10", true),
            ("schemas[value eq \"urn:pingidentity:schemas:baseSchema\"]", true),
            ("schemas[value eq \"urn:pingidentity:schemas:something\"]", false),
            // Unassigned.
            ("unassigned eq null", true), ("void eq null", true), ("voids eq null", true), ("nulls eq null", true),
            ("blank eq null", false),
            ("unassigned eq \"x\"", false), ("unassigned ne \"x\"", true), ("unassigned gt \"x\"", false), ("name.nick ne \"x\"", true),
            ("empty ne \"x\"", true), ("empty[value eq \"x\"]", false), ("not (unassigned eq \"x\")", true), ("userName ne null", true),
            ("name eq null", false), ("emails ne null", true), ("emails.display eq null", true), ("emails.type eq null", false),
            ("blank pr", false), ("void pr", false), ("voids pr", false), ("nulls pr", false), ("empty pr", false), ("null pr", false),
            ("name pr", true), ("name.first pr", true), ("name.nick pr", false), ("emails pr", true), ("emails.value pr", true),
            ("emails.display pr", false), ("tags pr", true), ("tags.value pr", true), ("tags.type pr", false), ("false pr", true),
            ("blank eq \"\"", true), ("blank sw \"\"", true),
            // Several values.
            ("emails eq \"ADA@example.com\"", true), ("emails co \"@home\"", true), ("emails.value ew \".example\"", true),
            ("emails ne \"ada@example.com\"", true), ("tags eq \"b\"", true), ("tags eq \"c\"", false), ("tags.value eq \"B\"", true),
            ("schemas eq \"URN:pingidentity:schemas:baseSchema\"", true), ("emails[type eq \"work\" and value co \"home\"]", false),
            ("emails[not (type eq \"work\")]", true), ("emails[type ne \"work\" and value pr]", true), ("parts eq \"q\"", true),
            ("parts.value eq \"r\"", false), ("name[first sw \"name\"]", true), ("userName[value sw \"user\"]", true),
            // Text.
            ("id eq \"user:id\"", true), ("id eq \"USER:id\"", false), ("externalId sw \"User\"", false), ("EXTERNALID co \":ext\"", true),
            ("urn:ietf:params:scim:schemas:core:2.0:User:id eq \"User:id\"", false),
            ("urn:ietf:params:scim:schemas:core:2.0:User:userName eq \"User:USERNAME\"", true),
            ("meta.version eq \"1.0\"", true), ("friends[$ref eq \"users/babsjensen\"]", true),
            ("userName gt \"USER:A\"", true), ("userName lt \"user:username2\"", true), ("userName ge \"user:username\"", true),
            ("userName le \"user:usernamd\"", false), ("userName co \"user:username!\"", false), ("userName sw \"user:username!\"", false),
            ("name.first eq \"name: first\"", false), ("greeting co \"GRÖSSE\"", false), ("greeting sw \"GRÖßE\"", true),
            ("greeting ew \"İ ß\"", true), ("greeting gt \"gröa\"", true), ("addresses.streetAddress co \"lly\"", true),
            // Dates.
            ("meta.created eq \"2026-01-02T05:04:05.678+02:00\"", true), ("meta.created ne \"2026-01-02T05:04:05.678000+02:00\"", false),
            ("meta.created gt \"2026-01-02T04:04:05+02:00\"", true), ("meta.created lt \"2026-01-02T03:04:06\"", true),
            ("meta.lastModified le \"2015-02-27T11:29:39.0000000Z\"", true), ("meta.lastModified sw \"2015-02\"", true),
            ("meta.lastModified gt \"2015\"", true), ("userName gt \"2026-01-02T03:04:05Z\"", true),
            // Numbers.
            ("big eq 9223372036854775807", true), ("big eq 9223372036854775806", false), ("big lt 9223372036854777856", true),
            ("huge gt 9223372036854775807", true), ("children eq 5.0", true), ("children ne 5", false),
            // Extensions.
            ("urn:pingidentity:schemas:FAVORITECOLOR:favoritecolor sw \"extension\"", true),
            ("urn:pingidentity:schemas:favoriteColor:other pr", false), ("urn:other:schema:favoriteColor pr", false),
        ])
    func holds(filter: String, matches: Bool) throws {
        let (ruling, tolerances) = try Self.ruling(filter)
        #expect(ruling == ScimRuling(Truth(matches)))
        #expect(tolerances == [])
    }

    @Test(
        "is unknown where a value cannot be compared, and says that nothing is missing",
        arguments: [
            "active eq true", "active ne false", "not (active eq true)", "two eq true", "name eq true", "name eq \"x\"", "name ne \"x\"",
            "shoeSize gt 5", "number eq 5", "true gt \"a\"", "true eq \"yes\"", "true eq 1", "userName.first eq \"x\"", "nested eq \"x\"",
            "nested[value eq \"x\"]", "userName eq 5", "addresses.type eq true", "active eq true and shoeSize gt 5",
            "active eq true or userName eq \"x\"", "meta.version eq true",
        ])
    func unreadable(filter: String) throws {
        #expect(try Self.ruling(filter, states: ["active", "name", "userName", "nested"]).ruling == .unreadable)
    }

    @Test(
        "is known again as soon as the rest decides",
        arguments: [
            ("active eq true and userName eq \"x\"", false), ("active eq true or userName pr", true),
            ("unassigned eq true and userName eq \"x\"", false), ("not (active eq true and children eq 4)", true),
        ])
    func decided(filter: String, matches: Bool) throws {
        #expect(try Self.ruling(filter, states: ["unassigned"]).ruling == ScimRuling(Truth(matches)))
    }

    @Test(
        "is unknown where an attribute of state is absent or null, whatever is asked",
        arguments: [
            "unassigned eq true", "unassigned ne true", "not (unassigned eq true)", "unassigned pr", "unassigned eq null",
            "unassigned ne null",
            "null eq true", "null pr", "name.nick eq \"x\"", "name.nick pr", "unassigned[type eq \"x\"]", "not (unassigned[type eq \"x\"])",
            "emails[display eq \"x\"]", "nulls eq \"x\"", "nulls[value eq \"x\"]", "unassigned eq true and null eq true",
            "unassigned eq true or userName eq \"x\"", "UNASSIGNED eq true", "urn:ietf:params:scim:schemas:core:2.0:User:off2 eq true",
        ])
    func missing(filter: String) throws {
        let states = ["unassigned", "null", "name.nick", "emails", "nulls", "urn:ietf:params:scim:schemas:core:2.0:user:off2"]
        #expect(try Self.ruling(filter, states: states).ruling == .missing)
    }

    @Test("is not merely missing where something else cannot be read")
    func mixed() throws {
        #expect(try Self.ruling("unassigned eq true and active eq true", states: ["unassigned"]).ruling == .unreadable)
        #expect(try Self.ruling("active eq true or unassigned eq true", states: ["unassigned"]).ruling == .unreadable)
    }

    @Test(
        "is unknown where a state has no value, in whatever form that is said and whatever is asked",
        arguments: [
            "null", "[]", "{}", "[null]", "[{}]", "[[]]", "[[], {}, null]", "\"\"", "{\"value\": null}", "{\"value\": []}",
            "[{\"value\": {}}]",
        ])
    func noValue(form: String) throws {
        let filters = [
            "a eq true", "a eq false", "a ne true", "a pr", "a eq \"x\"", "a ne \"x\"", "a.value eq false", "a[value eq false]",
            "a.value pr",
        ]
        // An object with members has a value, whatever its members have.
        let asked = form.contains("value") ? filters.filter { $0 != "a pr" } : filters
        for filter in asked + asked.map({ "not (\($0))" }) {
            let states = ["a", "a.value"]
            let ruling = try Self.ruling(filter, on: "{\"a\": \(form), \"userName\": \"u\"}", states: states).ruling
            #expect(ruling.truth == .unknown, "\(filter) on \(form)")
            // Beside something that decides, it decides nothing.
            for (word, other, truth) in [
                ("and", "userName eq \"x\"", Truth.no), ("or", "userName pr", .yes), ("and", "userName pr", .unknown),
            ] {
                let both = try Self.ruling("(\(filter)) \(word) \(other)", on: "{\"a\": \(form), \"userName\": \"u\"}", states: states)
                #expect(both.ruling.truth == truth, "\(filter) \(word) \(other) on \(form)")
            }
        }
    }

    @Test("compares the empty text of a state with empty text")
    func emptyText() throws {
        #expect(try Self.ruling("blank eq \"\"", states: ["blank"]).ruling == .yes)
        #expect(try Self.ruling("blank ne \"\"", states: ["blank"]).ruling == .no)
    }

    @Test("reads `active` as a state in every spelling and with a sub-attribute")
    func active() throws {
        for path in [
            "active", "ACTIVE", "active.value", "urn:ietf:params:scim:schemas:core:2.0:User:active",
            "urn:ietf:params:scim:schemas:core:2.0:User:active.value",
        ] {
            let condition = ScimCondition(try ScimFilter(parsing: "\(path) eq false"), states: .active)
            for form in ["null", "[]", "{}", "[{}]"] {
                var tolerances: ScimTolerances = []
                let ruling = condition.filter.evaluate(
                    on: try ScimJSON("{\"active\": \(form)}"), tolerances: &tolerances, isState: condition.isState)
                #expect(ruling == .missing, "\(path) on \(form)")
                #expect(ScimCondition.answer(ruling) == ScimCondition.missing)
            }
        }
    }

    @Test(
        "reads booleans and numbers in other forms and notes it",
        arguments: [
            ("on eq true", true, ScimTolerances.booleanAsText), ("on ne true", false, .booleanAsText),
            ("off eq false", true, .booleanAsText),
            ("off eq true", false, .booleanAsText), ("one eq true", true, .booleanAsNumber), ("zero eq false", true, .booleanAsNumber),
            ("zero ne false", false, .booleanAsNumber), ("roles[primary eq true]", true, .booleanAsText),
            ("roles.primary eq false", false, .booleanAsText), ("true eq \"True\"", true, .booleanAsText),
            ("false ne \"TRUE\"", true, .booleanAsText), ("digits gt 9", true, .numberAsText), ("digits eq 50.0", true, .numberAsText),
            ("children eq \"5\"", true, .numberAsText), ("children sw \"5\"", true, .numberAsText),
            ("on eq true and one eq true", true, [.booleanAsText, .booleanAsNumber]),
        ] as [(String, Bool, ScimTolerances)])
    func tolerances(filter: String, matches: Bool, tolerances: ScimTolerances) throws {
        let result = try Self.ruling(filter)
        #expect(result.ruling == ScimRuling(Truth(matches)))
        #expect(result.tolerances == tolerances)
    }

    @Test(
        "finds an extension's attribute under a key of its own",
        arguments: [
            #"{"urn:x:2.0:User:department": "Ops"}"#, #"{"urn:x:2.0:User.department": "Ops"}"#, #"{"URN:X:2.0:user:Department": "Ops"}"#,
            #"{"urn:x:2.0:User": null, "urn:x:2.0:User:department": "Ops"}"#,
        ])
    func flattened(resource: String) throws {
        for filter in ["urn:x:2.0:User:department eq \"ops\"", "urn:x:2.0:User.department eq \"ops\""] {
            let result = try Self.ruling(filter, on: resource)
            #expect(result.ruling == .yes)
            #expect(result.tolerances == .flattenedExtension)
        }
        let inside = try Self.ruling("urn:x:2.0:User:department pr", on: #"{"urn:x:2.0:User": {}, "urn:x:2.0:User:department": "Ops"}"#)
        #expect(inside.ruling == .no)
    }

    @Test("searches a text that repeats itself in one pass")
    func search() throws {
        for (needle, text, isFound) in [("aab", "aaab", true), ("abab", "aabaabab", true), ("aaba", "aabbaaab", false), ("", "", true)] {
            #expect(try Self.ruling("a co \"\(needle)\"", on: "{\"a\": \"\(text)\"}").ruling.truth == Truth(isFound))
        }
        let needle = String(repeating: "a", count: 30_000) + "b"
        #expect(try Self.ruling("a co \"\(needle)\"", on: "{\"a\": \"\(String(repeating: "a", count: 200_000))\"}").ruling == .no)
    }
}
