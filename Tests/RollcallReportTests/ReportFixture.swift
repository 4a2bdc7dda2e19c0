import RollcallCore
import RollcallReport

/// Rows in memory, in the order of their anchors.
struct MemoryRows: PlanRows {
    var rows: [PlanRow]

    init(_ rows: [PlanRow]) {
        self.rows = rows.sorted { $0.anchor < $1.anchor }
    }

    func forEachRow(_ body: (PlanRow) throws -> Bool) throws {
        for row in rows where try !body(row) { return }
    }
}

/// A run with its rows, as a report is given them.
struct ReportFixture {
    var record: RunRecord
    var rows: [PlanRow]
    var context = ReportContext()

    init(_ outcome: RunRecord.Outcome, mode: RunRecord.Mode = .plan, rows: [PlanRow] = [], unchanged: Int = 0) throws {
        let started = Instant(unixSeconds: 1_795_286_700)
        let id = RunID(started: started, random: 0x4F2A_9C01)
        let proof = ReadProof(
            server: "ldaps://dc1.example.com", users: 100_000, groups: 5_000, rejected: 0, pages: 101, result: 0,
            watermark: "20261121183000.000000Z#000000#001#000000")
        record = RunRecord(id: id, started: started, mode: mode, source: SourceFacts(type: "ldap", proof: proof), actor: "root")
        record.finished = started + Span(seconds: 12)
        record.outcome = outcome
        self.rows = rows
        for row in rows { record.summary.add(row) }
        record.summary.unchanged = unchanged
    }

    func text(_ style: TextStyle = TextStyle()) throws -> String {
        try rendered { try TextReport(record, rows: MemoryRows(rows), context: context, style: style).write(to: &$0) }
    }

    func json() throws -> String { try report(.json) }

    /// The report in a format.
    func report(_ format: Format) throws -> String {
        let rows = MemoryRows(rows)
        return try rendered { output in
            switch format {
            case .text: try TextReport(record, rows: rows, context: context).write(to: &output)
            case .json: try JSONReport(record, rows: rows, context: context).write(to: &output)
            case .csv: try CSVReport(record, rows: rows, context: context).write(to: &output)
            case .html: try HTMLReport(record, rows: rows, context: context).write(to: &output)
            case .markdown: try MarkdownReport(record, rows: rows, context: context).write(to: &output)
            }
        }
    }

    /// The same without names, always with the same key.
    func redacted(key: UInt8 = 7) -> ReportFixture {
        let redaction = Redaction(key: Array(repeating: key, count: 32))
        var fixture = self
        fixture.record = redaction.redacted(record)
        fixture.rows = rows.map(redaction.redacted)
        fixture.context = redaction.redacted(context)
        return fixture
    }
}

/// A way of rendering; the raw value is how its files end.
enum Format: String, CaseIterable {
    case text = "txt"
    case json
    case csv
    case html
    case markdown = "md"
}

extension Table {
    func write(_ format: Format, _ rows: Rows, to output: inout ReportOutput) throws {
        switch format {
        case .text: try writeText(rows, to: &output)
        case .json: try writeJSON(rows, to: &output)
        case .csv: try writeCSV(rows, to: &output)
        case .html: try writeHTML(rows, to: &output)
        case .markdown: try writeMarkdown(rows, to: &output)
        }
    }
}

/// What `write` writes, as text.
func rendered(_ write: (inout ReportOutput) throws -> Void) throws -> String {
    String(decoding: try renderedBytes(write), as: UTF8.self)
}

/// What `write` writes.
func renderedBytes(_ write: (inout ReportOutput) throws -> Void) throws -> [UInt8] {
    let gathered = Gathered()
    var output = ReportOutput { gathered.bytes += $0 }
    try write(&output)
    try output.finish()
    return gathered.bytes
}

/// Bytes that a sink has taken.
final class Gathered {
    var bytes: [UInt8] = []
}

/// A row of one person, made short.
func person(_ name: Text, id: Int64? = nil, anchor: String? = nil, _ changes: [Change] = [], remarks: [Remark] = []) -> PlanRow {
    let anchor = Anchor((anchor ?? "uuid-" + name.string).utf8)
    let digested = changes.map { change in
        var change = change
        change.digest = ChangeDigest.of(
            change.action, anchor: anchor, userID: id, fields: change.fields, group: change.group, rule: change.rule)
        return change
    }
    return PlanRow(anchor: anchor, userID: id, label: name, changes: digested, remarks: remarks)
}

extension Change {
    static func test(
        _ action: Action, _ fields: [FieldChange] = [], group: Text? = nil, path: [Text] = [], rule: ChangeRule = .attributes,
        reason: Reason,
        heldBy: GuardName? = nil
    ) -> Change {
        Change(
            action: action, fields: fields, group: group, path: path, rule: rule, reason: reason, heldBy: heldBy,
            digest: Digest(hashing: []))
    }

    static func creation(_ name: Text, email: Text? = nil, displayName: Text? = nil, extra: [FieldChange] = []) -> Change {
        var fields = [FieldChange(.username, before: nil, after: name)]
        if let email { fields.append(FieldChange(.email, before: nil, after: email)) }
        if let displayName { fields.append(FieldChange(.displayName, before: nil, after: displayName)) }
        fields.append(FieldChange(.status, before: nil, after: "active"))
        return .test(.create, fields + extra, rule: .noStatusRule, reason: .newEntry(.active))
    }

    static func deactivation(_ reason: Reason, rule: ChangeRule = .absent) -> Change {
        .test(.deactivate, [FieldChange(.status, before: "active", after: "inactive")], rule: rule, reason: reason)
    }

    static func grant(_ group: Text, path: [Text], heldBy: GuardName? = nil) -> Change {
        var change = Change.test(.grant, group: group, path: path, rule: .group(1), reason: .member, heldBy: heldBy)
        change.isPrivileged = heldBy == .privilegedGrant
        return change
    }
}
