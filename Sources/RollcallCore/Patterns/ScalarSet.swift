/// The scalars that a class such as `[a-z]` or `\d` stands for.
struct ScalarSet: Hashable, Sendable {
    /// Sorted, neither overlapping nor touching.
    private(set) var ranges: [ClosedRange<UInt32>]
    private let lowASCII: UInt64
    private let highASCII: UInt64

    static let digits = ScalarSet([0x30...0x39])
    /// Letters, digits and the underscore of ASCII.
    static let word = ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    /// The blanks and line breaks of ASCII.
    static let space = ScalarSet([0x09...0x0D, 0x20...0x20])

    init(_ unsorted: [ClosedRange<UInt32>]) {
        var merged: [ClosedRange<UInt32>] = []
        for range in unsorted.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound + 1 {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        ranges = merged
        var low: UInt64 = 0
        var high: UInt64 = 0
        for range in merged where range.lowerBound < 0x80 {
            for scalar in range.lowerBound...min(range.upperBound, 0x7F) {
                if scalar < 64 { low |= 1 << UInt64(scalar) } else { high |= 1 << UInt64(scalar - 64) }
            }
        }
        lowASCII = low
        highASCII = high
    }

    /// All scalars that are not in this set.
    var inverted: ScalarSet {
        var gaps: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges {
            if range.lowerBound > next { gaps.append(next...(range.lowerBound - 1)) }
            next = range.upperBound + 1
        }
        if next <= 0x10FFFF { gaps.append(next...0x10FFFF) }
        return ScalarSet(gaps)
    }

    /// Whether any scalar beyond ASCII is in the set.
    var reachesBeyondASCII: Bool { (ranges.last?.upperBound ?? 0) >= 0x80 }

    @inline(__always)
    func contains(_ scalar: UInt32) -> Bool {
        if scalar < 64 { return lowASCII >> UInt64(scalar) & 1 != 0 }
        if scalar < 128 { return highASCII >> UInt64(scalar & 63) & 1 != 0 }
        return containsBeyondASCII(scalar)
    }

    private func containsBeyondASCII(_ scalar: UInt32) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low &+ high) / 2
            if scalar < ranges[middle].lowerBound {
                high = middle
            } else if scalar > ranges[middle].upperBound {
                low = middle &+ 1
            } else {
                return true
            }
        }
        return false
    }
}
