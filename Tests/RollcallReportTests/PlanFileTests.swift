import RollcallCore
import RollcallReport
import Testing

@Suite("A plan file is whole, unaltered and readable, or refused in one line")
struct PlanFileTests {
    private let basis = PlanFileBasis(
        configDigest: Digest(hashing: [1]), storeGeneration: 77, planDigest: Digest(hashing: [2]),
        origin: PlanOrigin(store: StoreIdentity(Array(1...16)), run: 12))

    private func written(_ fixture: ReportFixture) throws -> [UInt8] {
        try renderedBytes { try PlanFileWriter(fixture.record, basis: basis).write(MemoryRows(fixture.rows), to: &$0) }
    }

    /// Reads `bytes` in pieces of `size`.
    private func read(_ bytes: [UInt8], pieces size: Int = 65_536) throws(PlanFileError) -> (PlanFile, [PlanFileChange]) {
        var changes: [PlanFileChange] = []
        let plan = try withReader(bytes, size) { changes.append($0) }
        return (plan, changes)
    }

    private func withReader(_ bytes: [UInt8], _ size: Int, _ take: (PlanFileChange) -> Void) throws(PlanFileError) -> PlanFile {
        let taken = Taken()
        var reader = PlanFileReader { taken.changes.append($0) }
        var start = 0
        while start < bytes.count {
            let end = min(start + size, bytes.count)
            try reader.read(Array(bytes[start..<end]))
            start = end
        }
        let plan = try reader.finish()
        taken.changes.forEach(take)
        return plan
    }

    /// Reads `bytes` in pieces of `size` without looking into the changes.
    private func prove(_ bytes: [UInt8], pieces size: Int = 65_536) throws(PlanFileError) -> PlanFile {
        var reader = PlanFileReader()
        for start in stride(from: 0, to: bytes.count, by: size) { try reader.read(Array(bytes[start..<min(start + size, bytes.count)])) }
        return try reader.finish()
    }

    /// The error that reading ends with, which both ways of reading must agree on but for the line.
    private func error(_ bytes: [UInt8]) -> PlanFileError? {
        var proof: PlanFileError?
        do throws(PlanFileError) { _ = try prove(bytes) } catch { proof = error }
        do throws(PlanFileError) {
            _ = try read(bytes)
            #expect(proof == nil)
            return nil
        } catch {
            #expect(proof?.code == error.code || (proof != nil && error.code == .changed), "\(error), \(proof.debugDescription)")
            return error
        }
    }

    @Test("what was written is read back, however the bytes are cut", arguments: [1, 7, 4_096, 1_000_000])
    func roundTrip(_ size: Int) throws {
        for fixture in try [ReportFixture.nominal(), .held(), .hostile(), .empty()] {
            let (plan, changes) = try read(written(fixture), pieces: size)
            #expect(plan.basis == basis)
            #expect(plan.runID == fixture.record.id)
            #expect(plan.started == fixture.record.started)
            #expect(plan.sourceName == "default" && plan.sourceType == "ldap")
            let expected = MemoryRows(fixture.rows).rows.flatMap { row in
                row.changes.map { change in
                    "\(row.anchor) \(change.action) \(change.group?.string ?? "-") \(change.heldBy?.rawValue ?? "-") \(change.digest)"
                }
            }
            #expect(
                changes.map { "\($0.anchor) \($0.action) \($0.group ?? "-") \($0.heldBy?.rawValue ?? "-") \($0.digest)" } == expected)
            #expect(plan.changeCount == expected.count)
            #expect(try prove(written(fixture), pieces: size) == plan)
        }
    }

    @Test("a long plan is proved without a look into its changes, wherever its lines are cut")
    func proved() throws {
        let rows = (0..<5_000).map { index in
            person(Text("user\(index)"), id: Int64(index), [.deactivation(.legacy(String(repeating: "x", count: index % 97)))])
        }
        let fixture = try ReportFixture(.pending, rows: rows)
        let bytes = try written(fixture)
        for size in [1, 3, 8, 61, 4_099, bytes.count - 1, bytes.count] {
            let plan = try prove(bytes, pieces: size)
            #expect(plan.changeCount == 5_000 && plan.basis == basis, "pieces of \(size)")
        }
        var edited = bytes
        edited[bytes.count / 2] ^= 1
        #expect(throws: PlanFileError.self) { try prove(edited) }
        #expect(throws: PlanFileError.self) { try prove(bytes + [UInt8(ascii: "\n")]) }
        #expect(throws: PlanFileError.self) { try prove(Array(bytes.dropLast()), pieces: 7) }
    }

    @Test("the file cut anywhere is refused")
    func truncated() throws {
        let bytes = try written(.nominal())
        for length in 0..<bytes.count where length % 13 == 0 || length < 60 || length > bytes.count - 200 {
            let code = error(Array(bytes[..<length]))?.code
            #expect(code == .truncated || (code == .notAPlan && length < 40), "length \(length)")
        }
    }

    @Test("any byte altered is noticed")
    func edited() throws {
        let bytes = try written(.nominal())
        for index in bytes.indices where index % 31 == 0 || index > bytes.count - 200 {
            var edited = bytes
            edited[index] ^= 1
            #expect(error(edited) != nil, "byte \(index)")
        }
    }

    @Test("a change left out, added or edited says that the file was changed")
    func changed() throws {
        let lines = try written(.nominal()).split(separator: 0x0A).map { Array($0) + [0x0A] }
        var without = lines
        without.remove(at: 2)
        #expect(error(without.flatMap { $0 })?.code == .changed)
        #expect(error((lines + [lines[1]]).flatMap { $0 })?.code == .changed)
        var edited = lines
        edited[1] = Array(String(decoding: edited[1], as: UTF8.self).replacing("privileged", with: "ordinary").utf8)
        edited[2] = Array(String(decoding: edited[2], as: UTF8.self).replacing("Administrators", with: "Nobody").utf8)
        let failure = try #require(error(edited.flatMap { $0 }))
        #expect(failure.description == "the plan file was changed after it was written; make a new plan with `plan --out`")
    }

    @Test("other files and other versions are told apart")
    func others() throws {
        #expect(error(Array("hello\n".utf8))?.code == .notAPlan)
        #expect(error([])?.code == .notAPlan)
        #expect(error(Array(try ReportFixture.nominal().json().utf8))?.code == .notAPlan)
        let next = String(decoding: try written(.nominal()), as: UTF8.self).replacing("rollcall.plan/1", with: "rollcall.plan/2")
        #expect(error(Array(next.utf8))?.code == .otherVersion)
        #expect(error([UInt8](repeating: 0x20, count: 17 << 20))?.code == .tooLarge)
    }

    @Test("arbitrary bytes end in an error, never in a trap")
    func fuzz() throws {
        let bytes = try written(.hostile())
        let tokens = [
            "{", "}", "[", "]", "\"", "\\u", "\\uD83D", "-", "0", "e", "1e9", ":", ",", "\n", "null", "\u{0}", "9999999999999999999",
        ]
        for seed in 0..<1_000 {
            var random = SeededRandom(UInt64(seed))
            var mutated = bytes
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0..<mutated.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: mutated[place] = UInt8.random(in: 0...255, using: &random)
                case 1: mutated.removeSubrange(place..<min(mutated.count, place + Int.random(in: 1...50, using: &random)))
                case 2: mutated.insert(contentsOf: Array((tokens.randomElement(using: &random) ?? "").utf8), at: place)
                default: mutated.removeLast(min(mutated.count - 1, Int.random(in: 1...200, using: &random)))
                }
            }
            if mutated != bytes { #expect(error(mutated) != nil, "seed \(seed)") }
        }
    }
}

/// Changes that a reader has shown.
private final class Taken {
    var changes: [PlanFileChange] = []
}
