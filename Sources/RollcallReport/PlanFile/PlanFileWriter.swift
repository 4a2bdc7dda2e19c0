public import RollcallCore

/// Writes a plan to a file that can be reviewed, kept and approved: `rollcall.plan/1`.
///
/// Every line is one JSON object: the header, then a line for each change in the order of the plan, then the trailer with the
/// number of changes, the digest of the plan again, and the SHA-256 of all bytes before it. The file is never executed: approving it
/// plans afresh and compares.
public struct PlanFileWriter {
    private let record: RunRecord
    private let basis: PlanFileBasis
    private let context: ReportContext

    public init(_ record: RunRecord, basis: PlanFileBasis, context: ReportContext = ReportContext()) {
        self.record = record
        self.basis = basis
        self.context = context
    }

    /// Writes the plan that `rows` are.
    ///
    /// - Throws: what the rows throw; a failing output is thrown by ``ReportOutput/finish()``.
    public func write(_ rows: any PlanRows, to output: inout ReportOutput) throws {
        var json = JSONWriter()
        var sum = DigestBuilder()
        var count = 0
        writeHeader(&json)
        PlanFileWriter.emit(&json, sum: &sum, to: &output)
        try rows.forEachRow { row in
            for change in row.changes {
                count += 1
                json.planChange(change, of: row)
                PlanFileWriter.emit(&json, sum: &sum, to: &output)
            }
            return !output.hasFailed
        }
        output.write(PlanFile.trailer(changes: count, planDigest: basis.planDigest, sum: sum.digest()))
        output.write("\n")
    }

    private func writeHeader(_ json: inout JSONWriter) {
        json.beginObject(inline: true)
        json.member("schema", PlanFile.schema)
        json.name("run")
        json.run(record, context, inline: true)
        json.name("source")
        json.source(record.source, inline: true)
        json.member("config_digest", basis.configDigest)
        json.member("plan_digest", basis.planDigest)
        json.member("store_generation", Int(basis.storeGeneration))
        if let origin = basis.origin {
            json.member("store", origin.store?.description)
            json.member("store_run", Int(origin.run))
        }
        json.name("guards")
        json.guards(record.guards, inline: true)
        json.name("summary")
        json.summary(record.summary, inline: true)
        json.endObject()
    }

    private static func emit(_ json: inout JSONWriter, sum: inout DigestBuilder, to output: inout ReportOutput) {
        json.newline()
        sum.add(json.gathered)
        output.write(draining: &json)
    }
}

extension JSONWriter {
    fileprivate mutating func planChange(_ change: Change, of row: PlanRow) {
        beginObject(inline: true)
        member("anchor", row.anchor.description)
        member("user", row.label)
        member("action", change.action.rawValue)
        fields(change.fields)
        member("group", change.group)
        path(change.path)
        member("rule", change.rule.name)
        member("reason", change.reason.sentence)
        if change.isPrivileged { member("privileged", true) }
        if let holders = change.holders { member("holders", holders) }
        member("held_by", change.heldBy?.rawValue)
        member("digest", change.digest)
        endObject()
    }
}
