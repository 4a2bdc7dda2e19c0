internal import RollcallCore

/// How many entries have each attribute, now and in the last applied snapshot.
///
/// The numbers are carried from run to run, so that a reading in which nothing moved costs nothing.
struct AttributeFill {
    private let layout: AttributeLayout
    /// For each slot of this run's layout the bit that the last applied snapshot kept it in; `nil` for an attribute that it did not read.
    private let formerBits: [UInt64?]
    /// Entries of the last applied snapshot that had it and are still there.
    private var had: [Int]
    private var lost: [Int]
    private var gained: [Int]
    /// Whether the last applied snapshot read other attributes, or in other slots.
    let isMoved: Bool

    init(_ connection: Connection, layout: AttributeLayout) throws(StoreError) {
        self.layout = layout
        let source = try connection.prepare("SELECT layout, fill FROM sources WHERE id = 1")
        var names: [String] = []
        var fill: [Int] = []
        if try source.step() {
            names = source.optionalText(0)?.string.split(separator: "\n").map(String.init) ?? []
            fill = source.optionalText(1)?.string.split(separator: ",").map { Int(count: Int64($0) ?? 0) } ?? []
        }
        let places = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let former = layout.names.map { places[String(decoding: $0.folded, as: UTF8.self)] }
        formerBits = former.map { $0.map { 1 << UInt64($0 & 63) } }
        had = former.map { $0.flatMap { fill.indices.contains($0) ? fill[$0] : nil } ?? 0 }
        lost = Array(repeating: 0, count: layout.count)
        gained = lost
        isMoved = former != layout.names.indices.map { $0 }
    }

    /// Counts an entry that the reading has; `before` is its presence in the last applied snapshot.
    mutating func add(_ presence: UInt64, before: UInt64?) {
        if let before, before == presence, !isMoved { return }
        for slot in formerBits.indices {
            let has = presence & (1 << UInt64(slot)) != 0
            let hadIt = formerBits[slot].map { (before ?? 0) & $0 != 0 } ?? false
            if has && !hadIt { gained[slot] += 1 }
            if hadIt && !has { lost[slot] += 1 }
        }
    }

    /// What an entry had in the last applied snapshot, in the slots of this run.
    func carried(_ former: UInt64) -> UInt64 {
        if !isMoved { return former }
        var presence: UInt64 = 0
        for slot in formerBits.indices {
            if let bit = formerBits[slot], former & bit != 0 { presence |= 1 << UInt64(slot) }
        }
        return presence
    }

    /// Takes back that a new entry was counted more than once.
    mutating func forget(_ presence: UInt64, times: Int) {
        for slot in gained.indices where presence & (1 << UInt64(slot)) != 0 { gained[slot] -= times }
    }

    /// Counts an entry of the last applied snapshot that this reading does not have.
    mutating func remove(before: UInt64) {
        for slot in formerBits.indices {
            if let bit = formerBits[slot], before & bit != 0 { had[slot] -= 1 }
        }
    }

    /// What the guards look at: attributes that the last applied snapshot had.
    func losses(rules: RuleSettings) -> [AttributeLoss] {
        let markers = Set(
            rules.status.flatMap { rule in rule.attributes.filter { !rule.isState($0) } })
        return layout.names.indices.compactMap { slot in
            // Of an answer the attributes that it reads are counted.
            guard formerBits[slot] != nil, had[slot] > 0, !layout.names[slot].isAnswer else { return nil }
            return AttributeLoss(
                attribute: Text("\(layout.names[slot])"), had: had[slot], lost: lost[slot], isMarker: markers.contains(layout.names[slot]))
        }
    }

    /// The layout and the numbers to keep once the snapshot is applied.
    var kept: (layout: String, fill: String) {
        (
            layout.names.map { String(decoding: $0.folded, as: UTF8.self) }.joined(separator: "\n"),
            layout.names.indices.map { "\(max(had[$0] - lost[$0] + gained[$0], 0))" }.joined(separator: ",")
        )
    }
}
