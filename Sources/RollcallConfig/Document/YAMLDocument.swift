import RollcallCore
internal import Yams

/// Reads YAML text into a tree of ``ConfigNode``, and its syntax errors into problems.
///
/// A subset is accepted on purpose: one document, no anchors, aliases, merge keys or tags. Rules that decide about accounts should
/// read as they stand.
struct YAMLDocument {
    /// The tree; `nil` when the text is not YAML or holds nothing.
    private(set) var root: ConfigNode?
    private(set) var problems = Problems()

    private let lines: SourceLines
    /// The keys that were renamed because they stood there twice, by their place.
    private var renamed: [Place: String] = [:]
    private var anchorsSeen: Set<Place> = []

    /// So many repeated keys are looked for; each costs a parse.
    private static let mostRepeatedKeys = 20

    init(_ text: String) {
        lines = SourceLines(text)
        if let place = AliasCount.placeOfTooMany(in: text) {
            refuseAnchors(at: place)
        } else {
            compose(text)
        }
    }

    /// Parses, renames a repeated key and parses again, until no key is repeated: Yams stops at the first.
    private mutating func compose(_ text: String) {
        var renaming = KeyRenaming(lines: lines)
        var text = text
        for _ in 0...YAMLDocument.mostRepeatedKeys {
            do throws(YamlError) {
                try parse(text)
                return
            } catch {
                guard case .duplicatedKeysInMapping(let keys, let context) = error else {
                    return syntaxError(error)
                }
                let place = Place(line: context.mark.line, column: context.mark.column)
                // Sorted as Yams does, so the first of them is the one whose mark it gives.
                guard let key = keys.first, let next = renaming.rename(key, at: place) else {
                    return problems.error(at: place, "the key \(Quoted(keys.first ?? "")) stands twice in one section")
                }
                renamed[place] = key
                text = next
            }
        }
        problems.error(at: .start, "more than \(YAMLDocument.mostRepeatedKeys) keys stand twice in one section")
    }

    private mutating func parse(_ text: String) throws(YamlError) {
        do {
            // The parser owns the anchors; it must outlive the conversion.
            let parser = try Parser(yaml: text, encoding: .utf8)
            guard let node = try parser.nextRoot() else { return }
            let second = try parser.nextRoot()
            root = convert(node, key: nil)
            if let place = second.map({ Place($0.mark) }) {
                problems.error(
                    at: place, "a second YAML document begins here", advice: "one file holds one configuration; remove the `---`")
            }
        } catch let error as YamlError {
            throw error
        } catch {
            throw YamlError.representer(problem: "the text cannot be read as YAML")
        }
    }

    private mutating func refuseAnchors(at place: Place) {
        problems.error(
            at: place, "YAML anchors and aliases are not accepted",
            advice: "write the value out in each place, so that each rule reads as it stands")
    }

    private mutating func syntaxError(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let place = Place(mark)
            if let tab = lines.tabInIndentation(line: place.line) {
                return problems.error(
                    at: Place(line: place.line, column: tab), "a tab character stands in the indentation",
                    advice: "YAML indents with spaces only")
            }
            let message = YAMLMessage(problem: problem, context: context?.text, opened: context.map { Place($0.mark) })
            problems.error(at: place, message.text, advice: message.advice)
        case .reader(let problem, _, _, _):
            problems.error(at: .start, "not readable as YAML: \(problem)")
        case .memory:
            problems.error(at: .start, "not enough memory to read the file")
        default:
            problems.error(at: .start, "the text cannot be read as YAML")
        }
    }
}

// MARK: - Conversion

extension YAMLDocument {
    private mutating func convert(_ node: Node, key: Place?) -> ConfigNode {
        let mark = Place(node.mark)
        if node.anchor != nil {
            // An alias gives the same node again, and aliases of aliases give it exponentially often: look once.
            guard anchorsSeen.insert(mark).inserted else { return ConfigNode(content: .refused, place: mark) }
            refuseAnchors(at: mark)
        }
        if let problem = problem(withTagOf: node, at: mark) {
            problems.add(problem)
            return ConfigNode(content: .refused, place: mark)
        }
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain && scalar.tag.rawValue != Tag.Name.str.rawValue
            let start = lines.verbatimStart(of: scalar.string, at: mark, inQuotes: scalar.style != .plain)
            return ConfigNode(content: .scalar(ConfigScalar(text: scalar.string, isPlain: isPlain, verbatimStart: start)), place: mark)
        case .sequence(let sequence):
            return ConfigNode(content: .list(sequence.map { convert($0, key: nil) }), place: collectionPlace(key, mark))
        case .mapping(let mapping):
            var entries: [ConfigEntry] = []
            for (keyNode, value) in mapping {
                guard let entry = entry(keyNode, value, among: entries) else { continue }
                entries.append(entry)
            }
            // All of it was complained about: it is not empty, and nothing more is to be said.
            if entries.isEmpty, !mapping.isEmpty { return ConfigNode(content: .refused, place: collectionPlace(key, mark)) }
            return ConfigNode(content: .section(entries), place: collectionPlace(key, mark))
        case .alias:
            return ConfigNode(content: .refused, place: mark)
        }
    }

    private mutating func entry(_ keyNode: Node, _ value: Node, among earlier: [ConfigEntry]) -> ConfigEntry? {
        let place = Place(keyNode.mark)
        guard case .scalar(let scalar) = keyNode else {
            problems.error(
                at: place, "a key must be text, found a list or a section", advice: "put text that begins with `{` or `[` in quotes")
            return nil
        }
        if scalar.style == .plain, scalar.string == "<<" {
            problems.error(at: place, "YAML merge keys are not accepted", advice: "write the keys out")
            return nil
        }
        let key = renamed[place] ?? scalar.string
        let node = convert(value, key: place)
        if let first = earlier.first(where: { $0.key == key }) {
            problems.error(
                at: place, "the key \(Quoted(key)) stands twice in one section",
                advice: "the first is on line \(first.place.line); keep one of them")
            return nil
        }
        return ConfigEntry(key: key, place: place, value: node)
    }

    /// A list or section in brackets begins at its bracket. One in lines begins with its first child, so its key says more.
    private func collectionPlace(_ key: Place?, _ mark: Place) -> Place {
        switch lines.scalar(at: mark) {
        case "[", "{": mark
        default: key ?? mark
        }
    }

    private func problem(withTagOf node: Node, at place: Place) -> Problem? {
        let name: String? =
            switch node {
            case .scalar(let scalar): scalar.tag.rawValue
            case .sequence(let sequence): sequence.tag.rawValue
            case .mapping(let mapping): mapping.tag.rawValue
            case .alias: nil
            }
        let harmless: [Tag.Name] = [.implicit, .nonSpecific, .str, .seq, .map, .bool, .int, .float, .null, .merge, .timestamp, .value]
        guard let name, !harmless.contains(where: { $0.rawValue == name }) else { return nil }
        return Problem(at: place, "YAML tags are not accepted", advice: "remove the word that begins with `!`")
    }
}

extension Place {
    init(_ mark: Mark?) {
        self.init(line: mark?.line ?? 1, column: mark?.column ?? 1)
    }
}
