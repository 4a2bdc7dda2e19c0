import Testing

@testable import RollcallCore

@Suite("A SCIM path")
struct ScimPathTests {
    static let user = "urn:ietf:params:scim:schemas:core:2.0:user"
    static let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

    /// What a text is read as; names in lower case.
    struct Reading: CustomTestStringConvertible, Sendable {
        let text: String
        var schema: String?
        let attribute: String
        var filter: String?
        var subAttribute: String?

        var testDescription: String { text }
    }

    @Test(
        "is split into schema, attribute, filter and sub-attribute",
        arguments: [
            Reading(text: "userName", attribute: "username"),
            Reading(text: "name.familyName", attribute: "name", subAttribute: "familyname"),
            Reading(text: "attr.subAttr", attribute: "attr", subAttribute: "subattr"),
            Reading(text: "attr.$ref", attribute: "attr", subAttribute: "$ref"),
            Reading(text: "$ref", attribute: "$ref"),
            Reading(text: "a.b", attribute: "a", subAttribute: "b"),
            Reading(text: "x-1_y$z", attribute: "x-1_y$z"),
            Reading(text: "groups.display", attribute: "groups", subAttribute: "display"),
            Reading(text: "meta.lastModified", attribute: "meta", subAttribute: "lastmodified"),
            Reading(text: "not", attribute: "not"),
            Reading(text: "urn", attribute: "urn"),
            Reading(text: "attr[$ref eq \"/Users/xxx\"]", attribute: "attr", filter: "$ref eq \"/Users/xxx\""),
            Reading(
                text: "attr[subAttr eq \"78750\"].subAttr", attribute: "attr", filter: "subattr eq \"78750\"", subAttribute: "subattr"),
            Reading(text: "addresses[type eq \"work\"]", attribute: "addresses", filter: "type eq \"work\""),
            Reading(text: "groups[display eq \"Admin\"]", attribute: "groups", filter: "display eq \"Admin\""),
            Reading(text: "emails[type eq \"work\"].value", attribute: "emails", filter: "type eq \"work\"", subAttribute: "value"),
            Reading(
                text: "members[value eq \"2819c223-7f76-453a-919d-413861904646\"].displayName", attribute: "members",
                filter: "value eq \"2819c223-7f76-453a-919d-413861904646\"", subAttribute: "displayname"),
            Reading(text: "urn:extension:attr", schema: "urn:extension", attribute: "attr"),
            Reading(
                text: "urn:extension:attr[subAttr eq \"78750\"].subAttr", schema: "urn:extension", attribute: "attr",
                filter: "subattr eq \"78750\"", subAttribute: "subattr"),
            Reading(
                text: "urn:pingidentity:schemas:sample:profile:1.0:topicPreferences"
                    + "[(id eq \"urn:X-UnboundID:topic:clothing:shoes\" and strength eq 10 and timeStamp eq \"2015-10-12T14:57:36.494Z\")]",
                schema: "urn:pingidentity:schemas:sample:profile:1.0", attribute: "topicpreferences",
                filter: "id eq \"urn:X-UnboundID:topic:clothing:shoes\" and strength eq 10 and timestamp eq \"2015-10-12T14:57:36.494Z\""),
            Reading(
                text: "urn:ietf:params:scim:schemas:core:2.0:User:name.familyName", schema: user, attribute: "name",
                subAttribute: "familyname"),
            Reading(
                text: "urn:example:scim:schemas:extension:my-custom-ext:1.0:User:name.familyName",
                schema: "urn:example:scim:schemas:extension:my-custom-ext:1.0:user", attribute: "name", subAttribute: "familyname"),
            Reading(text: "\(enterprise):manager.value", schema: enterprise.lowercased(), attribute: "manager", subAttribute: "value"),
            Reading(text: "\(enterprise).department", schema: enterprise.lowercased(), attribute: "department"),
            Reading(text: "\(enterprise).manager.value", schema: enterprise.lowercased(), attribute: "manager", subAttribute: "value"),
            Reading(text: "urn:example:1.0:Group.owner", schema: "urn:example:1.0:group", attribute: "owner"),
            Reading(text: "urn:example:1.0:topic.owner", schema: "urn:example:1.0", attribute: "topic", subAttribute: "owner"),
            // Nothing tells this from an attribute of urn:too.
            Reading(text: "urn:too:short", schema: "urn:too", attribute: "short"),
        ])
    func reads(reading: Reading) throws {
        let path = try ScimPath(parsing: reading.text)
        #expect(path.schema.map { String(decoding: $0, as: UTF8.self) } == reading.schema)
        #expect(String(decoding: path.attribute, as: UTF8.self) == reading.attribute)
        #expect(path.filter.map { String(decoding: $0.folded, as: UTF8.self) } == reading.filter)
        #expect(path.subAttribute.map { String(decoding: $0, as: UTF8.self) } == reading.subAttribute)
        #expect(try ScimPath(parsing: path.description) == path)
        #expect(try ScimPath(parsing: String(decoding: path.folded, as: UTF8.self)) == path)
    }

    @Test(
        "is refused at the place where it goes wrong",
        arguments: [
            ("", 0), (" userName", 0), ("userName ", 8), ("attr.", 5), (".attr", 0), ("urn:extension:", 14), ("urn:extension:.attr", 14),
            ("attr[subAttr eq 123].", 21), ("invalid@path", 7), ("urn:invalid", 0), ("urn:ending:with:a:comma:", 24), ("urn::x:a", 4),
            ("User:userName", 0), ("a.b.c", 3), ("a.b[c pr]", 3), ("a.1", 2), ("1a", 0), ("_a", 0), ("a[", 2), ("a[]", 2), ("a[b pr", 6),
            ("a[b[c pr]]", 3), ("a[b pr]c", 7), ("a[b pr].c.d", 9), ("a[b pr][c pr]", 7), ("a]", 1), ("naïve", 2), ("a\u{0}", 1),
            ("urn:extension:attr[subAttr eq \"78750\"].subAttr[subSub pr].this.is.crazy[type eq \"good\"].deep", 46),
            ("urn:ietf:params:scim:schemas:core:2.0:User", 38), ("\(enterprise)[department pr]", 54), ("urn:ietf:x:2.0:User.", 20),
        ])
    func refuses(text: String, offset: Int) {
        let error = #expect(throws: ScimSyntaxError.self) { try ScimPath(parsing: text) }
        #expect(error?.offset == offset, "\(error?.description ?? "")")
        #expect(error?.message.contains { $0.isNewline || $0 == "\u{0}" } == false)
    }

    @Test("equals another whatever their case, spaces and escapes, but not another literal")
    func equality() throws {
        let path = try ScimPath(parsing: "Emails[ TYPE  EQ \"wo\\u0072k\" ].Value")
        #expect(try path == ScimPath(parsing: "emails[type eq \"work\"].value"))
        #expect(try path.hashValue == ScimPath(parsing: "emails[type eq \"work\"].value").hashValue)
        #expect(try path != ScimPath(parsing: "emails[type eq \"Work\"].value"))
        #expect(path.description == "Emails[TYPE eq \"work\"].Value")
        #expect(try ScimPath(parsing: "\(Self.enterprise).Department") == ScimPath(parsing: "\(Self.enterprise.uppercased()):department"))
        #expect(try ScimPath(parsing: "userName") != ScimPath(parsing: "urn:ietf:params:scim:schemas:core:2.0:User:userName"))
    }

    @Test("is read up to 64 KiB")
    func length() throws {
        let limit = 64 << 10
        #expect(try ScimPath(parsing: String(repeating: "a", count: limit)).attribute.count == limit)
        let error = #expect(throws: ScimSyntaxError.self) { try ScimPath(parsing: String(repeating: "a", count: limit + 1)) }
        #expect(error?.offset == limit)
    }
}
