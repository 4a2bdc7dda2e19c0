import RollcallCore
import Testing

@testable import RollcallFiles

@Suite("Files from nowhere")
struct FileFuzzTests {
    private static let ldif = Array(
        ("\u{FEFF}version: 1\n\n" + Fixture.anna + "# c\n c\n" + Fixture.staff + "dn:: Y249eA==\r\ncn;lang-en: a\n b\r\rdn: x\nsn:: QQ==")
            .utf8)
    private static let csv = Array("uid,cn,\"mail\"\nanna,\"An\"\"na\r\nx\",a@x\r\n,,\n\"\",b,\"c\"\rd,e,f".utf8)
    private static let spice = Array(":<#=\n\r \t\",;\0-\u{E9}AZ09".utf8) + [0xFF, 0x80, 0xC0, 0xEF, 0xBB, 0xBF]

    private func mutate(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes[place] = Self.spice.randomElement(using: &random) ?? 0
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 2: bytes.remove(at: place)
            case 3: bytes.insert(Self.spice.randomElement(using: &random) ?? 0, at: place)
            case 4: bytes.removeSubrange(place..<min(bytes.count, place + 20))
            default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 30)], at: place)
            }
        }
        return bytes
    }

    /// The records, or the error, as something to compare.
    private func outcome(_ bytes: [UInt8], _ format: FileSourceSettings.Format, _ pieces: [Int], _ limits: FileLimits) -> String {
        do throws(SourceError) {
            let records = try RecordKeeper.read(
                bytes, format, names: ["uid", "cn", "mail", "entryUUID", "sn"], pieces: pieces, limits: limits)
            return records.map(\.description).joined(separator: "\n")
        } catch {
            return error.description
        }
    }

    @Test("Whatever the bytes are, reading ends without a trap and does not depend on the chunks", arguments: [UInt64](1...8))
    func mutations(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var limits = FileLimits()
        (limits.line, limits.group) = (48, 200)
        for round in 0..<400 {
            for (format, sample) in [(FileSourceSettings.Format.ldif, Self.ldif), (.csv, Self.csv)] {
                let bytes = mutate(sample, &random)
                let chosen = round % 2 == 0 ? FileLimits() : limits
                let whole = outcome(bytes, format, [Int.max], chosen)
                for pieces in [[1], [Int.random(in: 2...30, using: &random), Int.random(in: 1...9, using: &random)]] {
                    #expect(outcome(bytes, format, pieces, chosen) == whole, "seed \(seed), round \(round), pieces \(pieces)")
                }
            }
        }
    }

    @Test("Random bytes as base64 are decoded as a slow decoder would", arguments: [UInt64](1...4))
    func base64(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var decoder = Base64Decoder()
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            var text: [UInt8] = []
            for start in stride(from: 0, to: bytes.count, by: 3) {
                let group = bytes[start..<min(start + 3, bytes.count)]
                let word = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
                for index in 0..<4 {
                    text.append(index > group.count ? UInt8(ascii: "=") : alphabet[word >> (18 - 6 * index) & 63])
                }
            }
            let count = text.withUnsafeBufferPointer { decoder.decode($0) }
            #expect(count.map { Array(decoder.output[..<$0]) } == bytes, "seed \(seed)")
        }
    }
}
