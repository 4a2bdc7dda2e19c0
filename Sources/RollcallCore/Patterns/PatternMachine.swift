/// Runs a ``PatternProgram`` over a text, all states at once (Pike's machine), in time proportional to text times states.
struct PatternMachine {
    /// States waiting for the next scalar, the preferred first, with the places each has noted.
    private struct Threads {
        var states: [Int] = []
        /// Per state: the number of the step in which it was added last.
        var added: [Int]
        var slots: [Int]

        init(states count: Int, slots slotCount: Int) {
            added = [Int](repeating: -1, count: count)
            slots = [Int](repeating: -1, count: count * slotCount)
            states.reserveCapacity(count)
        }
    }

    /// Work left while following the moves that read nothing.
    private enum Task {
        case visit(Int)
        case restore(slot: Int, place: Int)
    }

    private let program: PatternProgram
    private var tasks: [Task] = []
    /// The places noted on the path being followed.
    private var places: [Int]

    init(_ program: PatternProgram) {
        self.program = program
        places = [Int](repeating: -1, count: program.slotCount)
    }

    /// The places of the leftmost match, -1 for groups that took no part, or `nil` when there is no match.
    mutating func run(_ bytes: UnsafeBufferPointer<UInt8>) -> [Int]? {
        let stateCount = program.instructions.count
        var current = Threads(states: stateCount, slots: program.slotCount)
        var following = current
        var best: [Int]?
        var reader = ScalarReader(bytes)
        while true {
            if current.states.isEmpty {
                if best != nil || (program.isAnchored && reader.offset > 0) { break }
                if let firstBytes = program.firstBytes {
                    var place = reader.offset
                    while place < bytes.count, !firstBytes[Int(bytes[place])] { place &+= 1 }
                    if place == bytes.count { break }
                    reader = ScalarReader(bytes, from: place)
                }
            }
            let place = reader.offset
            if best == nil, !program.isAnchored || place == 0 {
                for slot in places.indices { places[slot] = -1 }
                follow(0, at: place, of: bytes.count, into: &current)
            }
            let scalar = reader.next()
            threads: for state in current.states {
                let accepts: Bool
                switch program.instructions[state] {
                case .match:
                    let start = state &* program.slotCount
                    best = Array(current.slots[start..<(start &+ program.slotCount)])
                    // Those after it in the list are less preferred.
                    break threads
                case .scalar(let wanted): accepts = scalar == wanted
                case .any: accepts = scalar != nil && scalar != 0x0A
                case .set(let index): accepts = scalar.map(program.sets[index].contains) ?? false
                default: accepts = false
                }
                guard accepts else { continue }
                let start = state &* program.slotCount
                for slot in 0..<program.slotCount { places[slot] = current.slots[start &+ slot] }
                follow(state &+ 1, at: reader.offset, of: bytes.count, into: &following)
            }
            if scalar == nil { break }
            swap(&current, &following)
            following.states.removeAll(keepingCapacity: true)
        }
        return best
    }

    /// Adds a state, or those it leads to without reading, unless they were added at this place by a preferred path.
    private mutating func follow(_ state: Int, at place: Int, of end: Int, into threads: inout Threads) {
        if program.reads[state] {
            if threads.added[state] != place {
                threads.added[state] = place
                add(state, to: &threads)
            }
            return
        }
        tasks.append(.visit(state))
        while let task = tasks.popLast() {
            guard case .visit(let state) = task else {
                if case .restore(let slot, let old) = task { places[slot] = old }
                continue
            }
            if threads.added[state] == place { continue }
            threads.added[state] = place
            switch program.instructions[state] {
            case .jump(let next): tasks.append(.visit(next))
            case .split(let first, let second):
                tasks.append(.visit(second))
                tasks.append(.visit(first))
            case .save(let slot):
                tasks.append(.restore(slot: slot, place: places[slot]))
                places[slot] = place
                tasks.append(.visit(state &+ 1))
            case .textStart: if place == 0 { tasks.append(.visit(state &+ 1)) }
            case .textEnd: if place == end { tasks.append(.visit(state &+ 1)) }
            default: add(state, to: &threads)
            }
        }
    }

    @inline(__always)
    private func add(_ state: Int, to threads: inout Threads) {
        threads.states.append(state)
        let start = state &* program.slotCount
        for slot in 0..<program.slotCount { threads.slots[start &+ slot] = places[slot] }
    }
}
