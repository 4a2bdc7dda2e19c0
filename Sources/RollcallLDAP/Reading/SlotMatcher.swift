import Glibc
import RollcallCore

/// Finds the slot of an attribute description in an answer, without making a string of it.
///
/// Servers answer with the same descriptions in the same order again and again. Each spelling is looked at closely once; after that
/// it is found by its bytes, and nearly always at the first guess, which is the one that came behind the last.
struct SlotMatcher {
    enum Match: Equatable {
        case slot(Int)
        /// The description of a slot with the option `range=…`: only some of its values (Active Directory).
        case partial(Int)
        /// Something that was not asked for.
        case none
    }

    /// A spelling that has been seen, and what it means.
    private struct Known {
        let match: Match
        let start: Int
        let length: Int
    }

    private let names: [AttributeName]
    private var known: [Known] = []
    private var spelling: [UInt8] = []
    private var guess = 0

    /// More spellings than this are not learned; a server that needs them is hostile.
    private static let knownLimit = 256

    init(_ names: [AttributeName]) {
        self.names = names
    }

    /// Begins with the next entry.
    mutating func begin() {
        guess = 0
    }

    mutating func match(_ name: UnsafeBufferPointer<UInt8>) -> Match {
        var index = guess
        for _ in 0..<known.count {
            if index >= known.count { index = 0 }
            let candidate = known[index]
            index &+= 1
            if candidate.length == name.count, isSpelled(name, at: candidate.start) {
                guess = index
                return candidate.match
            }
        }
        return learn(name)
    }

    @inline(__always)
    private func isSpelled(_ name: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        spelling.withUnsafeBufferPointer { all in
            guard let bytes = name.baseAddress, let base = all.baseAddress, start &+ name.count <= all.count else { return false }
            return memcmp(bytes, base + start, name.count) == 0
        }
    }

    @inline(never)
    private mutating func learn(_ bytes: UnsafeBufferPointer<UInt8>) -> Match {
        guard let name = AttributeName(bytes: bytes) else { return .none }
        let match: Match
        if let slot = names.firstIndex(of: name) {
            match = .slot(slot)
        } else {
            let options = name.folded.split(separator: UInt8(ascii: ";")).dropFirst()
            let isPartial = options.contains { $0.starts(with: "range=".utf8) }
            match = isPartial ? names.firstIndex(of: name.base).map { .partial($0) } ?? .none : .none
        }
        if known.count < SlotMatcher.knownLimit, bytes.count < 256 {
            known.append(Known(match: match, start: spelling.count, length: bytes.count))
            spelling.append(contentsOf: bytes)
            guess = known.count
        }
        return match
    }
}
