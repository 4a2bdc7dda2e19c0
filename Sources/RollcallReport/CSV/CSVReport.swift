public import RollcallCore

/// A run's report as CSV (RFC 4180, UTF-8), safe to open in a spreadsheet.
///
/// The first column says what a line is about: `run` for the run itself, which is always there and whose `action` is the outcome and
/// whose `reason` the verdict; `guard` for a guard that held or would have; `change`; or the kind of a remark. A change is one
/// line; of several fields, the cells have them in the same order, with `; ` between them. Lines come in the order of the anchors.
public struct CSVReport {
    private let record: RunRecord
    private let rows: any PlanRows
    private let context: ReportContext

    public init(_ record: RunRecord, rows: any PlanRows, context: ReportContext = ReportContext()) {
        self.record = record
        self.rows = rows
        self.context = context
    }

    /// Writes the report. The rows are read twice, and none is kept.
    ///
    /// - Throws: what the rows throw; a failing output is thrown by ``ReportOutput/finish()``.
    public func write(to output: inout ReportOutput) throws {
        let highlights = try Highlights(of: rows, runWide: context.warnings, limit: 1)
        let wording = Wording(record: record, context: context, valueWidth: 1_000)
        var csv = CSVWriter()
        csv.line(CSVLine.titles)
        let verdict = wording.verdict(Standing(record, highlights))
        csv.line(CSVLine(kind: "run", action: record.outcome.rawValue, reason: verdict).cells(nil))
        for result in record.guards where result.verdict != .passed {
            let message = wording.message(of: result).map { ": \($0.text)" } ?? ""
            let reason = "\(wording.numbers(of: result).text); \(wording.hold(of: result))\(message)"
            let line = CSVLine(kind: "guard", action: result.guardName.rawValue, isHeld: result.verdict == .held, reason: reason)
            csv.line(line.cells(nil))
        }
        for remark in context.warnings { csv.line(CSVLine(remark, of: nil).cells(nil)) }
        try rows.forEachRow { row in
            for change in row.changes { csv.line(CSVLine(change).cells(row)) }
            for remark in row.remarks { csv.line(CSVLine(remark, of: row).cells(row)) }
            csv.drain(into: &output)
            return !output.hasFailed
        }
        csv.drain(into: &output)
    }
}

/// One line, without whom it is about.
private struct CSVLine {
    static let titles = [
        "kind", "action", "held", "held_by", "username", "user_id", "anchor", "field", "before", "after", "group", "path", "reason",
        "advice",
        "new", "digest", "privileged", "holders",
    ]

    var kind: String
    var action: String
    var isHeld: Bool?
    var heldBy: GuardName?
    var fields: [FieldChange] = []
    var group: Text?
    var path: [Text] = []
    var reason: String
    var advice = ""
    /// `yes`, `no` or `acknowledged`.
    var new = ""
    var digest: Digest?
    var isPrivileged: Bool?
    var holders: Int?

    /// The cells in the order of ``titles``.
    func cells(_ row: PlanRow?) -> [String] {
        // What accounts share is no user.
        let user = row.flatMap { $0.subject == .entry ? $0 : nil }
        return [
            kind, action, CSVLine.word(isHeld), heldBy?.rawValue ?? "", user?.label.string ?? "", user?.userID.map { "\($0)" } ?? "",
            user?.anchor.description ?? "", joined(\.field.name), joined { $0.before?.string ?? "" }, joined { $0.after?.string ?? "" },
            group?.string ?? "", path.map(\.string).joined(separator: " › "), reason, advice, new,
            digest?.description ?? "", CSVLine.word(isPrivileged), holders.map { "\($0)" } ?? "",
        ]
    }

    private func joined(_ part: (FieldChange) -> String) -> String {
        fields.map(part).joined(separator: "; ")
    }

    private static func word(_ flag: Bool?) -> String {
        flag.map { $0 ? "yes" : "no" } ?? ""
    }
}

extension CSVLine {
    init(_ change: Change) {
        self.init(
            kind: "change", action: change.action.rawValue, isHeld: change.heldBy != nil, heldBy: change.heldBy, fields: change.fields,
            group: change.group, path: change.path, reason: change.reason.sentence, digest: change.digest,
            isPrivileged: change.isPrivileged, holders: change.holders)
    }

    init(_ remark: Remark, of row: PlanRow?) {
        self.init(
            kind: remark.kind.rawValue, action: remark.code, reason: remark.message, advice: remark.advice(of: row),
            new: remark.isAcknowledged ? "acknowledged" : CSVLine.word(remark.isNew))
    }
}
