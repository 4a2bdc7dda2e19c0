public import RollcallCore

/// A file of accounts and entries that may be the same person: written for a person to edit, and read back.
///
/// A line counts by its `user_id`, its `username` and its `anchor` (as `0x` and digits); all else is for whoever looks through it. So a
/// spreadsheet may save it in its own way, with other quotes, separators and columns.
public enum MatchFile {
    /// What a file asks for, or everything that is wrong with it.
    public struct Content {
        public var links: [LinkRequest] = []
        /// Each begins with the file and the line.
        public var problems: [String] = []
    }

    private static let titles = ["user_id", "username", "email", "anchor", "entry_username", "entry_email", "dn", "why", "only_match"]

    /// Writes a line of titles and a line for each match.
    public static func write(_ matches: [Match], to output: inout ReportOutput) {
        var csv = CSVWriter()
        csv.line(titles)
        for match in matches {
            csv.line([
                "\(match.userID)", match.username.string, match.email?.string ?? "", "0x" + Hexadecimal.text(match.anchor.bytes),
                match.entryUsername?.string ?? "", match.entryEmail?.string ?? "", match.dn.string, match.reason,
                match.isOnly ? "yes" : "no",
            ])
            csv.drain(into: &output)
        }
        csv.drain(into: &output)
    }

    /// Reads what is left of such a file.
    ///
    /// - Parameter name: the file's name, as problems show it.
    public static func read(_ bytes: [UInt8], name: String) -> Content {
        var content = Content()
        var lines = CSVLines(bytes)
        guard let head = lines.next(), let id = head.cells.firstIndex(of: "user_id"), let username = head.cells.firstIndex(of: "username"),
            let anchor = head.cells.firstIndex(of: "anchor")
        else {
            content.problems.append("\(name):1: the first line does not name the columns user_id, username and anchor")
            return content
        }
        while let line = lines.next() {
            if line.cells.allSatisfy(\.isEmpty) { continue }
            let place = "\(name):\(line.number)"
            func cell(_ column: Int) -> String { line.cells.indices.contains(column) ? line.cells[column] : "" }
            guard let user = Int64(cell(id)) else {
                content.problems.append("\(place): user_id is not a number")
                continue
            }
            guard cell(anchor).hasPrefix("0x"), let found = Hexadecimal.bytes(Array(cell(anchor).utf8.dropFirst(2))) else {
                content.problems.append("\(place): anchor is not 0x and an even number of digits")
                continue
            }
            content.links.append(LinkRequest(.id(user, shownAs: cell(username)), to: .anchor(Anchor(found)), at: place))
        }
        if lines.isOpen { content.problems.append("\(name): a quote is not closed") }
        return content
    }
}

/// The lines of a CSV file (RFC 4180), with commas, semicolons or tabs between the cells.
private struct CSVLines {
    private let bytes: [UInt8]
    private let separator: UInt8
    private var position = 0
    private var number = 1
    /// Whether the file ended inside of quotes.
    private(set) var isOpen = false

    init(_ bytes: [UInt8]) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        self.bytes = bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes
        let head = self.bytes.prefix { $0 != UInt8(ascii: "\n") }
        separator = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")].first { head.contains($0) } ?? UInt8(ascii: ",")
    }

    mutating func next() -> (number: Int, cells: [String])? {
        guard position < bytes.count else { return nil }
        let first = number
        var cells: [[UInt8]] = [[]]
        isOpen = false
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\n") { number += 1 }
            if byte == UInt8(ascii: "\"") {
                let isDoubled = isOpen && position < bytes.count && bytes[position] == byte
                if isDoubled {
                    cells[cells.count - 1].append(byte)
                    position += 1
                } else {
                    isOpen.toggle()
                }
            } else if isOpen {
                cells[cells.count - 1].append(byte)
            } else if byte == UInt8(ascii: "\n") {
                break
            } else if byte == separator {
                cells.append([])
            } else if byte != UInt8(ascii: "\r") {
                cells[cells.count - 1].append(byte)
            }
        }
        return (first, cells.map { String(decoding: $0, as: UTF8.self) })
    }
}
