import Testing

@testable import RollcallCore

@Suite("Extra fields")
struct ExtraFieldsTests {
    private func fields(_ pairs: KeyValuePairs<Text, Text>) -> ExtraFields {
        var fields = ExtraFields()
        for (name, value) in pairs { fields[name] = value }
        return fields
    }

    @Test("fields stand in the order of their names, each once; nil removes one")
    func order() {
        var found = fields(["phone": "1", "department": "7", "zone": "z", "phone": "2"])
        #expect(found.fields.map(\.name) == ["department", "phone", "zone"] && found["phone"] == "2")
        found["phone"] = nil
        found["none"] = nil
        #expect(found.fields.map(\.name) == ["department", "zone"] && found["phone"] == nil)
        #expect(found == fields(["zone": "z", "department": "7"]))
    }

    @Test("the JSON comes back as what it was, whatever the values")
    func roundTrip() throws {
        let found = fields(["a\"b": "quote\" slash\\ line\n tab\t", "": "", "ü": "\u{1F600}\u{7F}", "control": "\u{1}\u{1F}"])
        let json = try #require(found.json)
        #expect(ExtraFields(json: json) == found)
        #expect(json.string.hasPrefix(#"{"":"","a\"b":"quote\" slash\\ line\u000a tab\u0009""#))
        #expect(ExtraFields().json == nil)
    }

    @Test("what an application wrote is understood")
    func foreign() {
        let text: Text = #" { "b" : "\u00fc\ud83d\ude00\/\b\f\n\r\t" , "a":"1" } "#
        #expect(ExtraFields(json: text) == fields(["a": "1", "b": "ü\u{1F600}/\u{8}\u{C}\n\r\t"]))
        #expect(ExtraFields(json: "{}") == ExtraFields())
    }

    @Test(
        "anything else is refused without a trap",
        arguments: [
            "", "{", "[]", "null", #"{"a":1}"#, #"{"a":"b",}"#, #"{"a"}"#, #"{"a":"b"} x"#, #"{"a":"\u12"}"#, #"{"a":"\ud800"}"#,
            #"{"a":"\ud800\u0041"}"#, #"{"a":"\udc00"}"#, #"{"a":"\u0000"}"#, #"{"a":"\"#, #"{"a":"b"#, #"{"a":{"b":"c"}}"#,
        ])
    func refused(text: String) {
        #expect(ExtraFields(json: Text(text)) == nil)
    }
}
