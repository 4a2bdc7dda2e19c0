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
        csv.line(CSVColumn.allCases.map(\.rawValue))
        csv.line(cells([.kind: "run", .action: record.outcome.rawValue, .reason: wording.verdict(Standing(record, highlights))]))
        for result in record.guards where result.verdict != .passed {
            let message = wording.message(of: result).map { ": \($0.text)" } ?? ""
            let reason = "\(wording.numbers(of: result).text); \(wording.hold(of: result))\(message)"
            let isHeld = CSVReport.word(result.verdict == .held)
            csv.line(cells([.kind: "guard", .action: result.guardName.rawValue, .held: isHeld, .reason: reason]))
        }
        for remark in context.warnings { csv.line(cells(of: remark, nil)) }
        try rows.forEachRow { row in
            for change in row.changes { csv.line(cells(of: change, row)) }
            for remark in row.remarks { csv.line(cells(of: remark, row)) }
            csv.drain(into: &output)
            return !output.hasFailed
        }
        csv.drain(into: &output)
    }

    private func cells(of change: Change, _ row: PlanRow) -> [String] {
        func joined(_ part: (FieldChange) -> String) -> String { change.fields.map(part).joined(separator: "; ") }
        return cells(
            [
                .kind: "change", .action: change.action.rawValue, .held: CSVReport.word(change.heldBy != nil),
                .heldBy: change.heldBy?.rawValue ?? "", .field: joined(\.field.name), .before: joined { $0.before?.string ?? "" },
                .after: joined { $0.after?.string ?? "" }, .group: change.group?.string ?? "",
                .path: change.path.map(\.string).joined(separator: " › "), .reason: change.reason, .digest: change.digest.description,
            ], row)
    }

    private func cells(of remark: Remark, _ row: PlanRow?) -> [String] {
        cells(
            [
                .kind: remark.kind.rawValue, .action: remark.code, .reason: remark.message, .advice: remark.advice,
                .isNew: CSVReport.word(remark.isNew),
            ], row)
    }

    private func cells(_ parts: [CSVColumn: String], _ row: PlanRow? = nil) -> [String] {
        CSVColumn.allCases.map { column in
            switch column {
            case .username: row?.label.string ?? ""
            case .userID: row?.userID.map { "\($0)" } ?? ""
            case .anchor: row?.anchor.description ?? ""
            default: parts[column] ?? ""
            }
        }
    }

    private static func word(_ flag: Bool) -> String { flag ? "yes" : "no" }
}

/// The columns in their order, each with its title.
private enum CSVColumn: String, CaseIterable {
    case kind
    case action
    case held
    case heldBy = "held_by"
    case username
    case userID = "user_id"
    case anchor
    case field
    case before
    case after
    case group
    case path
    case reason
    case advice
    case isNew = "new"
    case digest
}
