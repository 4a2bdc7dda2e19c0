import RollcallCore

/// One JSON document that is small enough to be held: a resource, what a service says of itself, a token.
final class ResourceDocument {
    private var bytes: [UInt8] = []
    private let tree = JSONTree()

    func add(_ piece: UnsafeBufferPointer<UInt8>) {
        bytes.append(contentsOf: piece)
    }

    /// Shows the document, when it is JSON and nothing but one value.
    func read<Result>(_ body: (JSONElement) -> Result) -> Result? {
        // A value ends where something follows it.
        bytes.append(0x20)
        return bytes.withUnsafeBufferPointer { text in
            let start = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            guard let end = try? tree.read(text, from: start), tree.repeatedName == nil,
                text[end...].allSatisfy({ $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 })
            else { return nil }
            return body(tree.root)
        }
    }
}
