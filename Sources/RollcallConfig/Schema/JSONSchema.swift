/// The JSON Schema of the config file, for editors that complete and check while one writes.
///
/// It comes from ``ConfigKeys``, so it knows exactly the keys that are supported. It is draft 7, which the YAML language servers
/// read. What only the check itself can tell (filters, DNs, expressions) is text here.
public enum ConfigSchema {
    /// The schema as JSON text with a line break at its end.
    public static var text: String {
        var members: [(String, JSONValue)] = [
            ("$schema", .text("http://json-schema.org/draft-07/schema#")),
            ("title", .text("Rollcall configuration")),
        ]
        members += schema(of: ConfigKeys.root)
        return JSONValue.object(members).text + "\n"
    }

    private static func schema(of section: ConfigSection, extra: [(String, JSONValue)] = []) -> [(String, JSONValue)] {
        var properties = extra
        for key in section.keys where key.isSupported { properties.append((key.name, .object(schema(of: key)))) }
        var members: [(String, JSONValue)] = [
            ("type", .text("object")), ("additionalProperties", .flag(false)), ("properties", .object(properties)),
        ]
        let required = extra.map(\.0) + section.keys.filter(\.isRequired).map(\.name)
        if !required.isEmpty { members.append(("required", .list(required.map(JSONValue.text)))) }
        if !section.exactlyOne.isEmpty {
            members.append(("oneOf", .list(section.exactlyOne.map { .object([("required", .list([.text($0)]))]) })))
        }
        return members
    }

    private static func schema(of key: ConfigKey) -> [(String, JSONValue)] {
        let doc = key.standard.map { "\(key.doc) Default: \($0)" } ?? key.doc
        return [("description", .text(doc))] + schema(of: key.type)
    }

    private static func schema(of type: ConfigType) -> [(String, JSONValue)] {
        switch type {
        case .text(let form): return schema(of: form)
        case .wholeNumber(let range):
            return [("type", .text("integer")), ("minimum", .number(range.lowerBound)), ("maximum", .number(range.upperBound))]
        case .flag(let only):
            return only.map { [("const", .flag($0))] } ?? [("type", .text("boolean"))]
        case .word(let list):
            return [("enum", .list(list.words.map(JSONValue.text)))]
        case .list(let item, let orOne, _):
            let list: [(String, JSONValue)] = [
                ("type", .text("array")), ("minItems", .number(1)), ("items", .object(schema(of: item))),
            ]
            return orOne ? [("anyOf", .list([.object(schema(of: item)), .object(list)]))] : list
        case .section(let section): return schema(of: section)
        case .variants(let variants):
            return [
                (
                    "oneOf",
                    .list(
                        variants.sections.map { word, section in
                            let discriminator = JSONValue.object([("description", .text(variants.doc)), ("const", .text(word))])
                            return .object(schema(of: section, extra: [(variants.discriminator, discriminator)]))
                        })
                )
            ]
        case .named(let value):
            return [("type", .text("object")), ("minProperties", .number(1)), ("additionalProperties", .object(schema(of: value)))]
        case .secret:
            return schema(
                of: ConfigSection(
                    [
                        ConfigKey("file", .text(.path), "A file that only its owner can read."),
                        ConfigKey("credential", .text(.any), "A systemd credential."),
                    ], exactlyOne: ["file", "credential"]))
        case .orNothing(let type):
            return [("anyOf", .list([.object([("type", .text("null"))]), .object(schema(of: type))]))]
        }
    }

    private static func schema(of form: TextForm) -> [(String, JSONValue)] {
        let pattern: String? =
            switch form {
            case .duration: "^[0-9]+[smhdw]$"
            case .durationOrNever: "^([0-9]+[smhdw]|never)$"
            case .filter: "^\\s*\\(.*\\)\\s*$"
            case .directoryURL: "^[lL][dD][aA][pP][sSiI]?://"
            case .storeURL: "^sqlite:"
            case .serviceURL: "^[hH][tT][tT][pP][sS]?://"
            case .any, .path, .condition, .attribute, .field, .distinguishedName, .pattern, .grant: nil
            }
        return [("type", .text("string"))] + (pattern.map { [("pattern", .text($0))] } ?? [])
    }
}
