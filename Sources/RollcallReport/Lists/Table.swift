public import RollcallCore

/// A list with columns, such as users or groups: for a person as aligned text, for a program as JSON.
///
/// Rows are streamed. The text's columns are as wide as the title and the first 1,000 rows ask for; a wider cell further down
/// pushes the rest of its own line to the right.
public struct Table {
    /// One column.
    public struct Column: Sendable {
        /// The name for programs.
        public var key: String
        /// The name for people.
        public var title: String
        /// Whether values end at the same place, as numbers do.
        public var isRightAligned: Bool

        public init(_ key: String, title: String, isRightAligned: Bool = false) {
            self.key = key
            self.title = title
            self.isRightAligned = isRightAligned
        }
    }

    /// One value.
    public enum Cell: Hashable, Sendable {
        /// A value from outside.
        case text(Text)
        /// A word or sentence of our own; escaped likewise.
        case string(String)
        case number(Int)
        case flag(Bool)
        /// A time: for people to the second, for programs to the microsecond.
        case time(Instant)
        /// No value: `-` for people, null for programs.
        case none
    }

    /// Shows each row to its argument, which answers `false` when it wants no more. A row has a cell for each column.
    public typealias Rows = (_ body: ([Cell]) -> Bool) throws -> Void

    /// The schema's name, `rollcall.users/1`.
    public var schema: String
    /// The name of the array of rows in JSON, `users`.
    public var name: String
    public var columns: [Column]
    /// What a person reads when there are no rows.
    public var emptyText: String

    static let sampleSize = 1_000

    public init(schema: String, name: String, columns: [Column], emptyText: String) {
        self.schema = schema
        self.name = name
        self.columns = columns
        self.emptyText = emptyText
    }

    /// Writes one JSON text with a line for each row.
    public func writeJSON(_ rows: Rows, to output: inout ReportOutput) throws {
        var json = JSONWriter()
        json.beginObject()
        json.member("schema", schema)
        json.name(name)
        json.beginArray()
        try rows { cells in
            json.beginObject(inline: true)
            for (column, cell) in zip(columns, cells) {
                json.name(column.key)
                switch cell {
                case .text(let text): json.value(text)
                case .string(let text): json.value(text)
                case .number(let number): json.value(number)
                case .flag(let flag): json.value(flag)
                case .time(let time): json.value(time.description)
                case .none: json.null()
                }
            }
            json.endObject()
            output.write(draining: &json)
            return !output.hasFailed
        }
        json.endArray()
        json.endObject()
        json.newline()
        output.write(draining: &json)
    }

    /// Writes a line of titles and a line for each row.
    public func writeText(_ rows: Rows, style: TextStyle = TextStyle(), to output: inout ReportOutput) throws {
        var lines = TableLines(columns: columns, style: style)
        try rows { cells in
            lines.add(cells, to: &output)
            return !output.hasFailed
        }
        if lines.isEmpty {
            output.write(emptyText + "\n")
        } else {
            lines.finish(to: &output)
        }
    }
}
