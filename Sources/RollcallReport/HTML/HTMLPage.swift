internal import RollcallCore

/// Writes one self-contained HTML page, piece by piece: no script, nothing from elsewhere.
///
/// Whatever is given as `text` is escaped here; what is given as `markup` is our own.
struct HTMLPage {
    /// How many rows go into one part of a table. A browser lays out only the parts that are in sight.
    private static let rowsPerPart = 250

    private var markup = ""
    private var rowCount = 0

    init(title: String) {
        markup = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <meta name="format-detection" content="telephone=no, email=no, address=no, date=no">
            <title>\(HTMLText.escaped(title))</title>
            <style>
            \(HTMLStyle.sheet)
            </style>
            </head>
            <body>
            <main>

            """
    }

    mutating func add(markup: String) {
        self.markup += markup
    }

    /// A part of the page with its heading.
    mutating func beginSection(_ heading: String) {
        markup += "<section>\n<h2>\(HTMLText.escaped(heading))</h2>\n"
    }

    mutating func endSection() {
        markup += "</section>\n"
    }

    /// A paragraph.
    mutating func paragraph(_ text: String, isQuiet: Bool = false) {
        markup += "<p\(isQuiet ? " class=\"quiet\"" : "")>\(HTMLText.escaped(text))</p>\n"
    }

    /// Begins a table; its first column names the row.
    ///
    /// - Parameters:
    ///   - shape: a class of the style sheet that says how wide the columns are.
    ///   - rows: how many rows there will be; `nil` when nobody knows.
    mutating func beginTable(_ shape: HTMLStyle.Shape, columns: [String], rows: Int? = 0) {
        let isLong = rows.map { $0 > HTMLPage.rowsPerPart } ?? true
        markup += "<table class=\"\(shape.rawValue)\(isLong ? " long" : "")\">\n<thead>\n<tr>"
        for column in columns { markup += "<th scope=\"col\">\(HTMLText.escaped(column))</th>" }
        markup += "</tr>\n</thead>\n<tbody>\n"
        rowCount = 0
    }

    /// A row of cells, each in markup: ``DisplayText/html``, or several of them with breaks between.
    mutating func row(_ cells: [String], isQuiet: Bool = false) {
        if rowCount > 0, rowCount % HTMLPage.rowsPerPart == 0 { markup += "</tbody>\n<tbody>\n" }
        rowCount += 1
        markup += isQuiet ? "<tr class=\"quiet\">" : "<tr>"
        for (index, cell) in cells.enumerated() {
            markup += index == 0 ? "<th scope=\"row\">" : "<td>"
            markup += cell
            markup += index == 0 ? "</th>" : "</td>"
        }
        markup += "</tr>\n"
    }

    mutating func endTable() {
        markup += "</tbody>\n</table>\n"
    }

    /// Moves what was gathered so far to `output`.
    mutating func drain(into output: inout ReportOutput) {
        output.write(markup)
        markup.removeAll(keepingCapacity: true)
    }

    /// Ends the page.
    mutating func finish(into output: inout ReportOutput) {
        markup += "</main>\n</body>\n</html>\n"
        drain(into: &output)
    }
}
