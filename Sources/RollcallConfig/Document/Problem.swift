import RollcallCore

/// A finding whose file is not yet said: what is wrong at one place.
struct Problem: Hashable, Sendable {
    var severity: Finding.Severity = .error
    var place: Place
    var message: String
    var advice: String = ""

    init(_ severity: Finding.Severity = .error, at place: Place, _ message: String, advice: String = "") {
        self.severity = severity
        self.place = place
        self.message = message
        self.advice = advice
    }
}

/// Everything that was found so far.
struct Problems: Sendable {
    private(set) var all: [Problem] = []

    /// Whether something stands in the way of using the file.
    var hasError: Bool { all.contains { $0.severity == .error } }

    mutating func add(_ problem: Problem) {
        all.append(problem)
    }

    mutating func error(at place: Place, _ message: String, advice: String = "") {
        all.append(Problem(at: place, message, advice: advice))
    }

    mutating func warning(at place: Place, _ message: String, advice: String = "") {
        all.append(Problem(.warning, at: place, message, advice: advice))
    }

    /// The findings in the order of the file, each once.
    func findings(in file: String) -> [Finding] {
        var seen: Set<Problem> = []
        let distinct = all.filter { seen.insert($0).inserted }
        let ordered = distinct.enumerated().sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
        return ordered.map { _, problem in
            Finding(problem.severity, at: problem.place.location(in: file), problem.message, advice: problem.advice)
        }
    }
}
