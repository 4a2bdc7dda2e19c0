/// Where in the file's sections something stands, as messages name it: `source.users`, status rule 2.
struct ConfigPath: Hashable, Sendable {
    private var item: String?
    private var keys: [String] = []

    /// The file itself.
    static let root = ConfigPath()

    /// The value of `key` in this section.
    func key(_ key: String) -> ConfigPath {
        var path = self
        path.keys.append(key)
        return path
    }

    /// An item of a list that has a word for its items.
    static func item(_ name: String, number: Int) -> ConfigPath {
        var path = ConfigPath()
        path.item = "\(name) \(number)"
        return path
    }

    /// The path as the subject of a sentence.
    var subject: String { subject(holding: nil) }

    /// The path and a value that may be shown, as the subject of a sentence.
    func subject(holding value: String?) -> String {
        let name = keys.isEmpty ? nil : "\(Quoted(keys.joined(separator: ".") + (value.map { ": \($0)" } ?? "")))"
        switch (name, item) {
        case (let name?, let item?): return "\(name) of \(item)"
        case (let name?, nil): return name
        case (nil, let item?): return item
        case (nil, nil): return "the file"
        }
    }

    /// The path as the end of "in …".
    var section: String {
        if keys.isEmpty, item == nil { return "at the top of the file" }
        return item == nil ? "in \(keys.joined(separator: "."))" : "in \(subject)"
    }
}
