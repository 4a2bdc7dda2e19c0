/// SplitMix64: the same numbers for the same seed.
public struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(_ seed: UInt64) {
        state = seed
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to but not including `limit`, which is at least 1.
    public mutating func below(_ limit: Int) -> Int {
        Int(next() % UInt64(max(limit, 1)))
    }

    /// `true` once in `times` on average.
    public mutating func once(in times: Int) -> Bool {
        below(times) == 0
    }

    /// One of `choices`, of which there is at least one.
    public mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
        choices[below(choices.count)]
    }
}
