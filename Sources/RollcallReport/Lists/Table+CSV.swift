internal import RollcallCore

extension Table {
    /// Writes CSV (RFC 4180, UTF-8) that is safe to open in a spreadsheet: a line of names for programs and a line for each row.
    public func writeCSV(_ rows: Rows, to output: inout ReportOutput) throws {
        var csv = CSVWriter()
        csv.line(columns.map(\.key))
        try rows { cells in
            csv.line(cells.prefix(columns.count).map(Table.plain))
            csv.drain(into: &output)
            return !output.hasFailed
        }
        csv.drain(into: &output)
    }

    private static func plain(_ cell: Cell) -> String {
        switch cell {
        case .text(let text): text.string
        case .string(let text): text
        case .number(let number): "\(number)"
        case .flag(let flag): flag ? "yes" : "no"
        case .time(let time): time.description
        case .none: ""
        }
    }
}
