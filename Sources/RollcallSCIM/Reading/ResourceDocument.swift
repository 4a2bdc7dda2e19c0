import RollcallCore

/// One JSON document that is small enough to be held: a resource, what a service says of itself, a token.
final class ResourceDocument {
    private var bytes: [UInt8] = []
    private let tree = JSONTree()

    func add(_ piece: UnsafeBufferPointer<UInt8>) {
        bytes.append(contentsOf: piece)
    }

    /// Shows the document, when it is JSON and nothing but one value, and has no name twice.
    func read<Result>(_ body: (JSONElement) -> Result) -> Result? {
        try? readAny { element, repeated in repeated == nil ? body(element) : nil }
    }

    /// Shows the document, and a name that it has twice.
    func readAny<Result>(_ body: (JSONElement, String?) -> Result) throws(JSONFault) -> Result {
        // A value ends where something follows it.
        bytes.append(0x20)
        return try bytes.withUnsafeBufferPointer { (text) throws(JSONFault) in
            let start = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            if let first = text.dropFirst(start).first(where: { !ResourceDocument.isBlank($0) }), first == UInt8(ascii: "<") {
                throw JSONFault(.malformed, at: start, "it is HTML or XML, not JSON")
            }
            let end = try tree.read(text, from: start)
            guard text[end...].allSatisfy(ResourceDocument.isBlank) else {
                throw JSONFault(.malformed, at: end, "something follows the end")
            }
            return body(tree.root, tree.repeatedName)
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
}
