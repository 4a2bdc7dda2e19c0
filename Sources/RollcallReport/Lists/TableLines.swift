internal import RollcallCore

/// Aligns the rows of a table by its first thousand.
struct TableLines {
    private let columns: [Table.Column]
    private let style: TextStyle
    private var sample: [[DisplayText]] = []
    private var widths: [Int]
    private var isStreaming = false

    /// A cell wider than this sticks out.
    private static let widest = 48

    init(columns: [Table.Column], style: TextStyle) {
        self.columns = columns
        self.style = style
        widths = columns.map { DisplayText(plain: $0.title).width }
    }

    /// Whether no row was added.
    var isEmpty: Bool { sample.isEmpty && !isStreaming }

    mutating func add(_ cells: [Table.Cell], to output: inout ReportOutput) {
        let shown = cells.prefix(columns.count).map { Table.shown($0, limit: style.valueWidth) }
        if isStreaming {
            output.write(line(shown))
            return
        }
        sample.append(shown)
        for (index, cell) in shown.enumerated() where cell.width <= TableLines.widest { widths[index] = max(widths[index], cell.width) }
        if sample.count == Table.sampleSize { finish(to: &output) }
    }

    /// Writes what was only measured so far.
    mutating func finish(to output: inout ReportOutput) {
        if isStreaming { return }
        isStreaming = true
        let titles = line(columns.map { DisplayText(plain: $0.title) })
        output.write(style.colored(String(titles.dropLast()), .heading) + "\n")
        for cells in sample { output.write(line(cells)) }
        sample = []
    }

    private func line(_ cells: [DisplayText]) -> String {
        var text = ""
        // No line ends in blanks.
        let last = cells.lastIndex { $0.width > 0 } ?? -1
        for (index, cell) in cells.enumerated() where index <= last {
            if index > 0 { text += "  " }
            if columns[index].isRightAligned {
                text += cell.aligned(right: widths[index])
            } else {
                text += index == last ? cell.text : cell.padded(to: widths[index])
            }
        }
        return text + "\n"
    }
}
