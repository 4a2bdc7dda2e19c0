/// Cuts JSON that arrives in pieces into its values, and holds no more than the one that is not whole yet.
///
/// | form | what it takes |
/// | --- | --- |
/// | document | an array of resources, or an object whose member `Resources` is one: the ListResponse of RFC 7644 section 3.4.2 |
/// | lines | one resource after the other, with blanks between |
///
/// A UTF-8 byte order mark before all is passed over.
public final class JSONStream {
    public enum Form: Hashable, Sendable {
        case document
        case lines
    }

    private enum Place {
        case start
        /// Before a name of the object around the list; `isFirst` before its first.
        case name(isFirst: Bool)
        /// Before an element of the list.
        case element(isFirst: Bool, inObject: Bool)
        case afterMember
        case end
    }

    /// What stood around the list.
    public private(set) var envelope = JSONEnvelope()

    public let form: Form
    private let limits: JSONLimits
    private let tree: JSONTree
    private let take: Taker
    private var place = Place.start
    private var pending: UnsafeMutableRawBufferPointer
    private var count = 0
    /// With fewer bytes than these another try would be in vain.
    private var worthTrying = 0
    /// The bytes that came before those that are pending.
    private var passed = 0

    /// Is shown each resource, its text, and a name that it has twice. All are lent.
    public typealias Taker = (JSONElement, UnsafeBufferPointer<UInt8>, String?) -> Void

    public init(
        _ form: Form, limits: JSONLimits = JSONLimits(), take: @escaping Taker
    ) {
        self.form = form
        self.limits = limits
        self.take = take
        tree = JSONTree(limits)
        pending = .allocate(byteCount: 1 << 15, alignment: 16)
    }

    deinit {
        pending.deallocate()
    }

    /// Takes the next bytes.
    public func feed(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONFault) {
        guard !bytes.isEmpty else { return }
        makeRoom(for: bytes.count)
        UnsafeMutableRawBufferPointer(rebasing: pending[count...]).copyMemory(from: UnsafeRawBufferPointer(bytes))
        count += bytes.count
        if count >= worthTrying { try drain() }
    }

    /// Takes the end, and proves that what came is whole.
    public func finish() throws(JSONFault) {
        try drain()
        if case .end = place, count == 0 { return }
        if form == .lines, count == 0 { return }
        throw JSONFault(
            .unfinished, at: passed + count, passed + count == 0 ? "it is empty" : "it ends in the middle, at byte \(passed + count)")
    }

    private func makeRoom(for more: Int) {
        guard count + more > pending.count else { return }
        let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(count + more, min(pending.count * 2, limits.bytes)), alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(pending)[..<count]))
        pending.deallocate()
        pending = larger
    }

    /// Reads as many values as are whole.
    private func drain() throws(JSONFault) {
        let text = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(pending)[..<count]).bindMemory(to: UInt8.self)
        var position = 0
        do throws(JSONFault) {
            while let next = try step(text, position) { position = next }
        } catch {
            guard error.kind == .unfinished else {
                throw JSONFault(error.kind, at: passed + error.offset, "\(error.message), at byte \(passed + error.offset)")
            }
            guard count - position <= limits.bytes else {
                throw JSONFault(
                    .tooLarge, at: passed + position, "one value has more than \(limits.bytes) bytes, at byte \(passed + position)")
            }
        }
        let rest = count - position
        if position > 0, rest > 0 { memoryMove(position, rest) }
        passed += position
        count = rest
        worthTrying = rest > 1 << 18 ? min(rest * 2, limits.bytes + 1) : 0
    }

    private func memoryMove(_ position: Int, _ rest: Int) {
        UnsafeMutableRawBufferPointer(rebasing: pending[..<rest]).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(pending)[position..<position + rest]))
    }

    /// Reads one value or one mark; gives the place behind it, or `nil` when nothing is left.
    private func step(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) throws(JSONFault) -> Int? {
        switch place {
        case .start: return try begin(text, start)
        case .name(let isFirst): return try member(text, start, isFirst: isFirst)
        case .element(let isFirst, let inObject): return try element(text, start, isFirst: isFirst, inObject: inObject)
        case .afterMember:
            let position = try JSONScan.skipBlanks(text, start)
            switch text[position] {
            case UInt8(ascii: ","): place = .name(isFirst: false)
            case UInt8(ascii: "}"): place = .end
            default: throw JSONFault(.malformed, at: position, "a comma or the end of an object is missing")
            }
            return position + 1
        case .end:
            guard let position = rest(text, start) else { return start == text.count ? nil : text.count }
            throw JSONFault(.malformed, at: position, "something follows the end")
        }
    }

    private func begin(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) throws(JSONFault) -> Int? {
        var position = start
        if passed + start == 0 {
            guard text.count >= 3 || text.first.map({ $0 < 0x80 && $0 != 0 }) == true else {
                throw JSONFault(.unfinished, at: text.count, "it ends too early")
            }
            if text.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
            if text.starts(with: [0xFE, 0xFF]) || text.starts(with: [0xFF, 0xFE]) || text.prefix(2).contains(0) {
                throw JSONFault(.malformed, at: 0, "it is not UTF-8 but UTF-16 or UTF-32")
            }
        }
        guard let first = rest(text, position) else { return position == text.count ? nil : text.count }
        if form == .lines {
            let end = try tree.read(text, from: first)
            hand(text, first..<end)
            return end
        }
        switch text[first] {
        case UInt8(ascii: "["):
            envelope.isBare = true
            place = .element(isFirst: true, inObject: false)
        case UInt8(ascii: "{"): place = .name(isFirst: true)
        case UInt8(ascii: "<"): throw JSONFault(.malformed, at: first, "it is HTML or XML, not JSON")
        default: throw JSONFault(.malformed, at: first, "it is neither a list nor an object")
        }
        return first + 1
    }

    /// The place of the next byte that is no blank; `nil` when there is none.
    private func rest(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
        try? JSONScan.skipBlanks(text, start)
    }

    private func member(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, isFirst: Bool) throws(JSONFault) -> Int {
        let position = try JSONScan.skipBlanks(text, start)
        if isFirst, text[position] == UInt8(ascii: "}") {
            place = .end
            return position + 1
        }
        guard text[position] == UInt8(ascii: "\"") else { throw JSONFault(.malformed, at: position, "the name of a member is missing") }
        let quote = try JSONScan.string(text, position + 1)
        var name: [UInt8] = []
        _ = try JSONScan.unescape(text, position + 1..<quote.end, into: &name)
        let colon = try JSONScan.skipBlanks(text, quote.end + 1)
        guard text[colon] == UInt8(ascii: ":") else { throw JSONFault(.malformed, at: colon, "a colon is missing") }
        let value = try JSONScan.skipBlanks(text, colon + 1)
        let key = name.map(JSONName.folded)
        if key == JSONEnvelope.resources, text[value] == UInt8(ascii: "[") {
            try envelope.meet(key, at: position)
            envelope.hasResources = true
            envelope.isLowerCase = name != JSONEnvelope.properResources
            place = .element(isFirst: true, inObject: true)
            return value + 1
        }
        let end = try tree.read(text, from: value)
        try envelope.meet(key, at: position)
        try envelope.note(key, tree.root, at: position)
        place = .afterMember
        return end
    }

    private func element(
        _ text: UnsafeBufferPointer<UInt8>, _ start: Int, isFirst: Bool, inObject: Bool
    ) throws(JSONFault) -> Int {
        var position = try JSONScan.skipBlanks(text, start)
        if text[position] == UInt8(ascii: "]") {
            place = inObject ? .afterMember : .end
            return position + 1
        }
        if !isFirst {
            guard text[position] == UInt8(ascii: ",") else {
                throw JSONFault(.malformed, at: position, "a comma or the end of a list is missing")
            }
            position = try JSONScan.skipBlanks(text, position + 1)
        }
        let end = try tree.read(text, from: position)
        hand(text, position..<end)
        place = .element(isFirst: false, inObject: inObject)
        return end
    }

    private func hand(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        take(tree.root, UnsafeBufferPointer(rebasing: text[range]), tree.repeatedName)
    }
}
