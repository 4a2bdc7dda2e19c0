internal import RollcallCore
internal import RollcallReport

extension Workplace {
    /// What a report says beside the run's record.
    func context(_ record: RunRecord, _ head: AuditHead?) -> ReportContext {
        let warnings = record.warnings.map { Remark(.ofRun($0)) }
        return ReportContext(
            auditHead: head.map { "\($0.hash)" }, auditCount: head.map { Int($0.count) }, warnings: warnings, hints: hints)
    }

    /// The rows without what the approver has reviewed before; for a program they are all there, and marked.
    private func unseen(
        _ rows: any PlanRows, of record: RunRecord, _ format: ReportFormat, _ context: inout ReportContext
    ) throws -> any PlanRows {
        guard missingStore == nil, let approver = knownApprover, let reviewed = try reader().reviewed(by: approver.name, before: record.id)
        else { return rows }
        let marked: MarkedRows.Rows = { try reviewed.forEachRow(of: rows, $0) }
        if format != .json { context.seen = try MarkedRows.seenCount(marked) }
        return MarkedRows(hidesSeen: format != .json, marked)
    }

    /// Shows a run on standard output, as the options ask for it.
    func show(_ record: RunRecord, rows: any PlanRows, head: AuditHead?, _ options: ReportOptions, as format: ReportFormat? = nil) throws {
        var record = record
        var rows = rows
        var context = context(record, head)
        if options.showsNew { rows = try unseen(rows, of: record, format ?? options.format.format, &context) }
        if options.isRedacted {
            context = redaction.redacted(context)
            record = redaction.redacted(record)
            rows = RedactedRows(rows, by: redaction)
        }
        for file in options.files {
            guard let format = ReportFormat(fileName: file) else { continue }
            try OutputFile(file, in: self).write("report", mode: 0o640) { output in
                try render(
                    record, rows, context, options.limit.limit, format, TextStyle(isColored: false, rowsPerKind: options.limit.limit),
                    to: &output)
            }
        }
        var output = Terminal.output()
        let style = TextStyle(isColored: Terminal.hasColor, rowsPerKind: options.limit.limit)
        try render(record, rows, context, options.limit.limit, format ?? options.format.format, style, to: &output)
        try output.finishQuietly()
    }

    private func render(
        _ record: RunRecord, _ rows: any PlanRows, _ context: ReportContext, _ limit: Int, _ format: ReportFormat, _ style: TextStyle,
        to output: inout ReportOutput
    ) throws {
        switch format {
        case .text: try TextReport(record, rows: rows, context: context, style: style).write(to: &output)
        case .json: try JSONReport(record, rows: rows, context: context).write(to: &output)
        case .csv: try CSVReport(record, rows: rows, context: context).write(to: &output)
        case .html: try HTMLReport(record, rows: rows, context: context).write(to: &output)
        case .markdown: try MarkdownReport(record, rows: rows, context: context, rowsPerKind: limit).write(to: &output)
        }
    }
}

extension ReportOutput {
    /// Writes the rest. A reader who went away (`| head`) is no failure.
    mutating func finishQuietly() throws {
        do {
            try finish()
        } catch let failure as WriteFailure where failure.isBrokenPipe {
            return
        }
    }
}
