import RollcallCore
import RollcallReport
import Testing

@Suite("No name acts where a report is shown")
struct HostileNamesTests {
    private let names = HostileNames.all()

    /// Every report and every list with every name.
    private func forEach(_ format: Format, _ body: (_ name: String, _ shown: String) throws -> Void) throws {
        #expect(names.count >= 500)
        for name in names {
            try body(name, HostileNames.fixture(name).report(format))
            try body(name, HostileNames.table(name, format))
        }
    }

    @Test("no control character but line ends, no mark of direction and nothing invisible is written", arguments: Format.allCases)
    func scalars(_ format: Format) throws {
        try forEach(format) { name, shown in
            var text = shown
            if format == .csv { text = text.split(separator: "\r\n", omittingEmptySubsequences: false).joined(separator: "\n") }
            let harmful = text.unicodeScalars.first { scalar in
                switch scalar.value {
                case 0x0A: false
                case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFE00...0xFE0F, 0xFEFF,
                    0xFFF9...0xFFFB,
                    0xFFFE...0xFFFF, 0xE0000...0xE0FFF:
                    true
                default: false
                }
            }
            #expect(harmful == nil, "\(format), \(name.debugDescription.prefix(200)): \(harmful?.escaped(asASCII: true) ?? "")")
        }
    }

    @Test("CSV: every name is one cell, and no cell is a formula, wherever it is split")
    func cells() throws {
        let harmless = try CSVText.records(HostileNames.fixture("alice").report(.csv)).map(\.count)
        try forEach(.csv) { name, shown in
            let records = try CSVText.records(shown)
            if records.first?.count != 3 { #expect(records.map(\.count) == harmless, "\(name.debugDescription)") }
            let cells = records.flatMap { $0 }
            for cell in cells + cells.flatMap({ $0.split(separator: ";").map(String.init) }) {
                let first = cell.unicodeScalars.first {
                    $0 != "\"" && !$0.properties.isWhitespace && !$0.properties.isDefaultIgnorableCodePoint
                }
                #expect(!"=+-@\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}\t\r".unicodeScalars.contains(first ?? "x"), "\(cell.debugDescription)")
            }
        }
    }

    @Test("HTML: the tags and attributes are those that a harmless name gives")
    func tags() throws {
        let report = try HTMLText.tags(HostileNames.fixture("alice").report(.html))
        let list = try HTMLText.tags(HostileNames.table("alice", .html))
        #expect(report.count > 200 && list.count > 20)
        try forEach(.html) { name, shown in
            let tags = try HTMLText.tags(shown)
            #expect(tags == report || tags == list, "\(name.debugDescription.prefix(200))")
        }
    }

    @Test("Markdown: outside code there is nothing but what a harmless name gives, line for line")
    func markdown() throws {
        // A sentence with the name "al-ice!" cannot stand outside code either, so that the outlines are comparable.
        let report = try MarkdownOutline.of(HostileNames.fixture("<al|ice>").report(.markdown))
        let list = try MarkdownOutline.of(HostileNames.table("<al|ice>", .markdown))
        try forEach(.markdown) { name, shown in
            let outline = MarkdownOutline.of(shown)
            let isSame = outline == report || outline == list
            if !isSame {
                #expect(
                    MarkdownOutline.isOurs(outline, like: report) || MarkdownOutline.isOurs(outline, like: list),
                    "\(name.debugDescription.prefix(200))")
            }
        }
    }
}
