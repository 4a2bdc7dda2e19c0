import RollcallTesting
import Testing

@testable import RollcallCore

/// Every state of an account × everything that upstream can say × policy.
///
/// What the planner decides is compared twice: with the rules of precedence as ``PrecedenceOracle`` states them, and word by word
/// with `Golden/precedence.txt`, which `RECORD=1` rewrites.
@Suite("The table of precedence")
struct PrecedenceTests {
    @Test("each row is what the rules of precedence say: who gains and who loses access, what waits and what is said")
    func oracle() throws {
        let rows = try PrecedenceCase.all()
        #expect(rows.count >= 900)
        for row in rows {
            let expected = PrecedenceOracle(row).outcome
            let decided = PrecedenceOutcome(row.decision, row)
            let name = "\(row.local.name) | \(row.upstream.name) | \(row.config.name)"
            #expect(decided == expected, "\(name)")
            if PrecedenceOracle(row).rule == "1 protected" {
                let said = row.decision.row
                #expect(said.changes.isEmpty && !said.remarks.contains { $0.code == "policy" }, "\(name)")
            }
        }
    }

    @Test("each row is the one that was read and found right")
    func golden() throws {
        let table = try PrecedenceTable(PrecedenceCase.all())
        #expect((400...800).contains(table.rows.count), "\(table.rows.count) rows")
        try GoldenFile("precedence.txt").expect(table.text)
    }

    @Test("every change and every remark of the table has a reason that is a sentence of its own")
    func reasons() throws {
        for row in try PrecedenceCase.all() {
            let decision = row.decision
            for sentence in decision.row.changes.map(\.reason.sentence) + decision.row.remarks.map(\.message) {
                #expect(sentence.split(separator: " ").count >= 2 && !sentence.contains("nil") && !sentence.hasSuffix(" "), "\(sentence)")
            }
        }
    }
}

/// The rows as text, in aligned columns.
struct PrecedenceTable {
    /// The cells of each row.
    let rows: [[String]]

    private static let header = ["account", "upstream", "config", "decided by", "what happens", "why"]
    private static let policies = ["full", "no-removals", "report-only"]

    init(_ cases: [PrecedenceCase]) {
        var places: [String: Int] = [:]
        var pairs: [[(configs: [String], cells: [String])]] = []
        for row in cases {
            let isPolicy = PrecedenceTable.policies.contains(row.config.name)
            let key = "\(row.local.name)|\(row.upstream.name)|\(isPolicy ? "" : row.config.name)"
            let place = places[key] ?? pairs.count
            if place == pairs.count {
                places[key] = place
                pairs.append([])
            }
            let cells = PrecedenceTable.cells(row)
            if let same = pairs[place].firstIndex(where: { $0.cells == cells }) {
                pairs[place][same].configs.append(row.config.name)
            } else {
                pairs[place].append(([row.config.name], cells))
            }
        }
        rows = pairs.flatMap { pair in
            pair.map { configs, cells in
                let config = configs == PrecedenceTable.policies ? "any policy" : configs.joined(separator: ", ")
                return [cells[0], cells[1], config] + cells[2...]
            }
        }
    }

    private static func cells(_ row: PrecedenceCase) -> [String] {
        let oracle = PrecedenceOracle(row)
        let plan = row.decision.row
        let happens = plan.shown + plan.noted
        let reasons = plan.changes.map(\.reason.sentence) + plan.remarks.map(\.message)
        return [
            row.local.name, row.upstream.name, oracle.rule, happens.isEmpty ? "nothing" : happens.joined(separator: " / "),
            reasons.isEmpty ? oracle.calm : reasons.joined(separator: " / "),
        ]
    }

    var text: String {
        let all = [PrecedenceTable.header] + rows
        let widths = (0..<PrecedenceTable.header.count).map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { cells in
            var line = ""
            for (cell, width) in zip(cells.dropLast(), widths) {
                line += cell + String(repeating: " ", count: width - cell.count) + " | "
            }
            return line + (cells.last ?? "") + "\n"
        }.joined()
    }
}
