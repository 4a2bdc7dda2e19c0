import RollcallCore
import RollcallReading

/// How far a server's copy of a naming context goes: slapd's `contextCSN`, one value for each server that writes.
///
/// A value is `20261121184643.123456Z#000000#001#000000`: time, count, server, modifier. Values of one server order as text.
struct ContextCSN: Equatable {
    private let values: [String]

    /// `nil` when there is none: the server keeps none, or hides it.
    init?(_ values: [String]) {
        guard !values.isEmpty else { return nil }
        self.values = values.sorted()
    }

    /// All values, sorted, joined by commas.
    var text: String { values.joined(separator: ",") }

    /// When something was last changed, by the clock of whoever changed it; `nil` when no value says so.
    var newest: Instant? {
        values.compactMap { value -> Instant? in
            guard case .instant(let instant) = GeneralizedTime.parse(Array(value.utf8.prefix { $0 != UInt8(ascii: "#") })) else {
                return nil
            }
            return instant
        }.max()
    }

    /// Whether some writer's mark is earlier here than in `earlier`, which on one server cannot be.
    func isBehind(_ earlier: ContextCSN) -> Bool {
        let own = marks
        return earlier.marks.contains { writer, mark in own[writer].map { $0 < mark } ?? false }
    }

    private var marks: [String: String] {
        var marks: [String: String] = [:]
        for value in values {
            let parts = value.split(separator: "#", omittingEmptySubsequences: false)
            guard parts.count == 4 else { continue }
            let writer = String(parts[2])
            marks[writer] = max(marks[writer] ?? "", "\(parts[0])#\(parts[1])")
        }
        return marks
    }

    /// Reads it from the top of a naming context.
    static func read(_ session: LDAPSession, of context: String) throws(SourceError) -> ContextCSN? {
        let entry = try session.readEntry(context, attributes: ["contextCSN"], while: "reading contextCSN of \(context)")
        return ContextCSN(entry?.strings("contextCSN").map { SourceError.oneLine($0) } ?? [])
    }
}
