/// Writes the canonical, length-prefixed bytes in which plan rows and run records are kept and chained.
///
/// Numbers are variable-length (seven bits an octet, lowest first), texts and bytes have their length before them, and what may
/// be missing has one octet that says so.
struct RecordWriter {
    private(set) var bytes: [UInt8] = []

    init(reserving capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }

    mutating func write(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func write(_ number: Int) {
        write(UInt64(truncatingIfNeeded: number))
    }

    mutating func write(signed number: Int64) {
        write(UInt64(bitPattern: (number << 1) ^ (number >> 63)))
    }

    mutating func write(octet: UInt8) {
        bytes.append(octet)
    }

    /// Writes a word as its place among the words of its type; new words are only ever added at the end.
    mutating func write<Word: CaseIterable & Equatable>(word: Word) where Word.AllCases == [Word] {
        var place: UInt8 = 0
        for other in Word.allCases {
            if other == word { break }
            place += 1
        }
        bytes.append(place)
    }

    /// Adds bytes as they are.
    mutating func append(_ more: some Collection<UInt8>) {
        bytes.append(contentsOf: more)
    }

    mutating func write(_ flag: Bool) {
        bytes.append(flag ? 1 : 0)
    }

    mutating func write(_ field: [UInt8]) {
        write(field.count)
        bytes.append(contentsOf: field)
    }

    mutating func write(_ text: Text) {
        write(text.utf8)
    }

    mutating func write(_ text: String) {
        write(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    /// Writes a text that is probably one of a few: its place among them, or 0 and the text.
    mutating func write(phrase: String) {
        guard let place = RecordPhrases.places[phrase] else {
            bytes.append(0)
            return write(phrase)
        }
        bytes.append(place)
    }

    mutating func write(optional text: Text?) {
        write(text != nil)
        if let text { write(text) }
    }

    mutating func write(optional text: String?) {
        write(text != nil)
        if let text { write(text) }
    }

    mutating func write(optional number: Int64?) {
        write(number != nil)
        if let number { write(signed: number) }
    }

    mutating func write(_ digest: Digest) {
        digest.append(to: &bytes)
    }
}

/// The texts that nearly every row of a plan has. New ones are only ever added at the end.
enum RecordPhrases {
    static let all = [
        "no status rule", "attributes", "absent", "ignored", "group rules", "new entry", "changed upstream", "renamed upstream",
        "active again upstream", "member of a mapped group", "no mapped group has this member any longer",
        "gone: the directory has no such entry any more", "group rule 1", "group rule 2", "group rule 3", "group rule 4", "group rule 5",
        "group rule 6", "group rule 7", "group rule 8", "group rule 9", "group rule 10",
    ]

    static let places = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1, UInt8($0 + 1)) })
}
