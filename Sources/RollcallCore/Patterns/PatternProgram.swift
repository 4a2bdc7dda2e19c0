/// A pattern as the states of a non-deterministic automaton (Thompson's construction).
struct PatternProgram: Sendable {
    /// One state. Where nothing else is said the next state is the one after it.
    enum Instruction: Sendable {
        case scalar(UInt32)
        case any
        case set(Int)
        /// Goes on in both states, the first preferred.
        case split(Int, Int)
        case jump(Int)
        /// Notes the place in the text.
        case save(Int)
        case textStart
        case textEnd
        case match
    }

    private(set) var instructions: [Instruction] = []
    private(set) var sets: [ScalarSet] = []
    /// Per state: whether it reads a scalar.
    private(set) var reads: [Bool] = []
    /// Two places for each group.
    let slotCount: Int
    /// Which bytes a match can begin with, or `nil` when it can be empty or begins with an anchor.
    private(set) var firstBytes: [Bool]?
    /// Whether a match can begin only where the text does.
    private(set) var isAnchored = false

    init(_ node: PatternNode, groupCount: Int) throws(PatternSyntaxError) {
        slotCount = groupCount * 2
        try emit(.capture(number: 0, node))
        try append(.match)
        reads = instructions.map { instruction in
            switch instruction {
            case .scalar, .any, .set: true
            default: false
            }
        }
        survey()
    }

    private mutating func append(_ instruction: Instruction) throws(PatternSyntaxError) {
        guard instructions.count < LinearPattern.largestProgram else {
            let message = "the pattern needs more than \(LinearPattern.largestProgram) states; repeat less"
            throw PatternSyntaxError(offset: 0, message: message)
        }
        instructions.append(instruction)
    }

    private mutating func emit(_ node: PatternNode) throws(PatternSyntaxError) {
        switch node {
        case .scalar(let scalar): try append(.scalar(scalar))
        case .any: try append(.any)
        case .textStart: try append(.textStart)
        case .textEnd: try append(.textEnd)
        case .set(let set):
            let index = sets.firstIndex(of: set) ?? sets.count
            if index == sets.count { sets.append(set) }
            try append(.set(index))
        case .sequence(let nodes):
            for node in nodes { try emit(node) }
        case .capture(let number, let node):
            try append(.save(number * 2))
            try emit(node)
            try append(.save(number * 2 + 1))
        case .alternatives(let nodes): try emitAlternatives(nodes)
        case .repetition(let node, let least, let most, let lazy):
            try emitRepetition(node, least: least, most: most, lazy: lazy)
        }
    }

    private mutating func emitAlternatives(_ nodes: [PatternNode]) throws(PatternSyntaxError) {
        var jumps: [Int] = []
        for (index, node) in nodes.enumerated() {
            guard index + 1 < nodes.count else {
                try emit(node)
                break
            }
            let split = instructions.count
            try append(.split(split + 1, split + 1))
            try emit(node)
            jumps.append(instructions.count)
            try append(.jump(0))
            instructions[split] = .split(split + 1, instructions.count)
        }
        for jump in jumps { instructions[jump] = .jump(instructions.count) }
    }

    private mutating func emitRepetition(_ node: PatternNode, least: Int, most: Int?, lazy: Bool) throws(PatternSyntaxError) {
        func split(_ inside: Int, _ after: Int) -> Instruction { lazy ? .split(after, inside) : .split(inside, after) }
        var body = instructions.count
        for _ in 0..<least {
            body = instructions.count
            try emit(node)
            // What needs no state needs no repeating either; nested repetitions of nothing would take for ever.
            if instructions.count == body { return }
        }
        var skips: [Int] = []
        if let most {
            for _ in least..<most {
                skips.append(instructions.count)
                try append(.split(0, 0))
                body = instructions.count
                try emit(node)
                if instructions.count == body { break }
            }
        } else {
            // `x*` is `(?:x+)?`, so that an `x` that takes nothing is tried once and does not stop what comes after.
            if least == 0 {
                skips.append(instructions.count)
                try append(.split(0, 0))
                body = instructions.count
                try emit(node)
            }
            try append(split(body, instructions.count + 1))
        }
        for place in skips { instructions[place] = split(place + 1, instructions.count) }
    }

    /// Finds out how a match can begin, by following every path to its first character.
    private mutating func survey() {
        var bytes = [Bool](repeating: false, count: 256)
        var seen = [Bool](repeating: false, count: instructions.count)
        var open = [0]
        var canBeEmpty = false
        var anchors = 0
        var others = 0
        while let state = open.popLast() {
            guard state < instructions.count, !seen[state] else { continue }
            seen[state] = true
            switch instructions[state] {
            case .split(let first, let second): open += [first, second]
            case .jump(let next): open.append(next)
            case .save: open.append(state + 1)
            case .textStart: anchors += 1
            case .textEnd, .match:
                canBeEmpty = true
                others += 1
            case .scalar(let scalar):
                others += 1
                bytes[Int(PatternProgram.leadByte(scalar))] = true
            case .any:
                others += 1
                for byte in 0..<256 where byte != 0x0A { bytes[byte] = true }
            case .set(let index):
                others += 1
                for byte in 0..<128 where sets[index].contains(UInt32(byte)) { bytes[byte] = true }
                if sets[index].reachesBeyondASCII { for byte in 128..<256 { bytes[byte] = true } }
            }
        }
        isAnchored = anchors > 0 && others == 0
        firstBytes = canBeEmpty || anchors > 0 ? nil : bytes
    }

    private static func leadByte(_ scalar: UInt32) -> UInt8 {
        switch scalar {
        case ..<0x80: UInt8(truncatingIfNeeded: scalar)
        case ..<0x800: 0xC0 | UInt8(truncatingIfNeeded: scalar >> 6)
        case ..<0x1_0000: 0xE0 | UInt8(truncatingIfNeeded: scalar >> 12)
        default: 0xF0 | UInt8(truncatingIfNeeded: scalar >> 18)
        }
    }
}
