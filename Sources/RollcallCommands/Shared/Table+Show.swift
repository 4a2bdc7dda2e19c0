internal import RollcallCore
internal import RollcallReport

extension Table {
    /// Writes the table to standard output in the asked format; says what the store said and ends the command when it fails.
    func show(_ format: ReportFormat, _ rows: Rows) throws {
        try orFail {
            var output = Terminal.output()
            switch format {
            case .text: try writeText(rows, style: TextStyle(isColored: Terminal.hasColor), to: &output)
            case .json: try writeJSON(rows, to: &output)
            case .csv: try writeCSV(rows, to: &output)
            case .html: try writeHTML(rows, to: &output)
            case .markdown: try writeMarkdown(rows, to: &output)
            }
            try output.finishQuietly()
        }
    }
}
