import RollcallCore

/// What a page of a list shows of whether changes could be followed.
struct FollowingTrace {
    let kind: EntryKind
    private(set) var count = 0
    /// How many say when they were changed last.
    private(set) var timed = 0
    var hasDate = false
    /// How many the service says there are.
    var total: Int?

    init(_ kind: EntryKind) {
        self.kind = kind
    }

    mutating func add(_ resource: JSONElement) {
        count += 1
        if resource.member("meta")?.member("lastModified")?.text.flatMap({ Instant(rfc3339: $0.utf8) }) != nil { timed += 1 }
    }

    var name: String { kind == .user ? "users" : "groups" }
}

extension SourceProber {
    /// Says in one line whether changes can be followed, by what the lists showed and by asking.
    mutating func lookAtFollowing(_ connection: HTTPConnection, _ facts: ServiceFacts) throws(SourceError) {
        var details = ["filter \(facts.filters.map { $0 ? "yes" : "no" } ?? "not said")"]
        details += traces.map { "meta.lastModified on \($0.timed) of \($0.count) \($0.name)" }
        let hasDate = facts.answered != nil && traces.allSatisfy(\.hasDate)
        details.append(hasDate ? "Date yes" : "Date no")
        var isGood = facts.filters == true && hasDate && traces.allSatisfy { $0.timed == $0.count }
        for trace in traces where isGood {
            do throws(SourceError) {
                let found = try connection.total(trace.kind, ScimFilter.text(changedSince: .epoch, and: nil))
                details.append("\(found) \(trace.name) found by it\(trace.total.map { " of \($0)" } ?? ", totalResults is not said")")
                isGood = found == trace.total
            } catch {
                if error.code == .cancelled { throw error }
                details.append("asking for \(trace.name) by it: \(error.message)")
                isGood = false
            }
        }
        add(
            "follow", isGood ? .ok : .warning, details.joined(separator: ", "),
            advice: isGood ? "" : "everything would be read every time; leave source.follow out")
    }
}
