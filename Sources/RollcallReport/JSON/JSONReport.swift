public import RollcallCore

/// A run's report as JSON, schema `rollcall.report/1`: the machine interface.
///
/// Keys have one order, changes the order of their anchors, so the same state gives the same bytes but for the run's id, times
/// and actor. The head goes over several lines; each guard, change and remark is one line.
///
/// A change's `held` says that a guard holds that very change, and `held_by` which one. A hold on the whole plan marks no change:
/// it is `outcome` and the guards whose `holds` is `plan`.
///
/// Unknown is null: without a proven reading the source has neither server nor counts, and a user to be created has no id. A change of a
/// permission group, or of the names of deleted accounts, has no user.
public struct JSONReport {
    private let record: RunRecord
    private let rows: any PlanRows
    private let context: ReportContext

    public init(_ record: RunRecord, rows: any PlanRows, context: ReportContext = ReportContext()) {
        self.record = record
        self.rows = rows
        self.context = context
    }

    /// Writes the report. The rows are read once for the changes, and once more for each kind of remark that occurs.
    ///
    /// - Throws: what the rows throw; a failing output is thrown by ``ReportOutput/finish()``.
    public func write(to output: inout ReportOutput) throws {
        var json = JSONWriter()
        json.beginObject()
        json.member("schema", "rollcall.report/1")
        json.name("run")
        json.run(record, context)
        json.name("source")
        json.source(record.source)
        json.name("summary")
        json.summary(record.summary)
        json.name("guards")
        json.guards(record.guards)

        let kinds = try writeChanges(&json, to: &output)
        try writeRemarks("conflicts", .conflict, among: kinds, &json, to: &output)
        try writeRemarks("drift", .drift, among: kinds, &json, to: &output)
        try writeRemarks("warnings", .warning, among: kinds, &json, to: &output)
        try writeRemarks("undecided", .undecided, among: kinds, &json, to: &output)
        try writeRemarks("protected", .protected, among: kinds, &json, to: &output)
        json.endObject()
        json.newline()
        output.write(draining: &json)
    }

    /// Writes the changes and says which kinds of remark the rows have.
    private func writeChanges(_ json: inout JSONWriter, to output: inout ReportOutput) throws -> Set<Remark.Kind> {
        var kinds: Set<Remark.Kind> = []
        json.name("changes")
        json.beginArray()
        try rows.forEachRow { row in
            for change in row.changes {
                json.reportChange(change, of: row)
                output.write(draining: &json)
            }
            for remark in row.remarks { kinds.insert(remark.kind) }
            return !output.hasFailed
        }
        json.endArray()
        return kinds
    }

    private func writeRemarks(
        _ name: StaticString, _ kind: Remark.Kind, among kinds: Set<Remark.Kind>, _ json: inout JSONWriter, to output: inout ReportOutput
    ) throws {
        json.name(name)
        json.beginArray()
        for remark in context.warnings where remark.kind == kind { json.remark(remark, of: nil) }
        if kinds.contains(kind) {
            try rows.forEachRow { row in
                for remark in row.remarks where remark.kind == kind {
                    json.remark(remark, of: row)
                    output.write(draining: &json)
                }
                return !output.hasFailed
            }
        }
        json.endArray()
    }
}

extension JSONWriter {
    fileprivate mutating func reportChange(_ change: Change, of row: PlanRow) {
        beginObject(inline: true)
        member("action", change.action.rawValue)
        member("held", change.heldBy != nil)
        if let guardName = change.heldBy { member("held_by", guardName.rawValue) }
        if change.isSeen { member("seen", true) }
        if change.isPrivileged { member("privileged", true) }
        member("digest", change.digest)
        user(row)
        fields(change.fields)
        if let group = change.group {
            member("group", group)
            path(change.path)
        }
        if let holders = change.holders { member("holders", holders) }
        member("rule", change.rule.name)
        member("reason", change.reason.sentence)
        endObject()
    }

    fileprivate mutating func remark(_ remark: Remark, of row: PlanRow?) {
        beginObject(inline: true)
        member("code", remark.code)
        member("new", remark.isNew)
        if remark.isAcknowledged { member("acknowledged", true) }
        if let row {
            user(row)
        } else {
            name("user")
            null()
        }
        member("message", remark.message)
        member("advice", remark.advice(of: row))
        endObject()
    }
}
