/// Lines of cells, aligned by the widest cell of each column.
///
/// A cell wider than its column's limit sticks out of it and pushes what follows on its own line to the right; the other lines
/// stay aligned. The last cell of a line is never padded, so no line ends in blanks.
struct Columns {
    private let indent: String
    private let limits: [Int]
    private var lines: [[DisplayText]] = []

    /// Columns with their widest alignment in order; a column without one is aligned up to 40.
    init(indent: Int, limits: [Int] = []) {
        self.indent = String(repeating: " ", count: indent)
        self.limits = limits
    }

    mutating func add(_ cells: [DisplayText]) {
        lines.append(cells)
    }

    /// The lines, each with its end.
    func rendered() -> String {
        var widths: [Int] = []
        for line in lines {
            for (column, cell) in line.dropLast().enumerated() {
                if column == widths.count { widths.append(0) }
                let limit = column < limits.count ? limits[column] : 40
                if cell.width <= limit { widths[column] = max(widths[column], cell.width) }
            }
        }
        var text = ""
        for line in lines {
            var rest = line
            while let last = rest.last, last.width == 0 { rest.removeLast() }
            text += indent
            for (column, cell) in rest.enumerated() {
                if column == rest.count - 1 {
                    text += cell.text
                } else {
                    text += cell.padded(to: column < widths.count ? widths[column] : 0) + "  "
                }
            }
            text += "\n"
        }
        return text
    }
}
